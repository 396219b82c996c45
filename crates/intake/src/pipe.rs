//! Two threads for one table: one splits bytes into rows, the other checks them. Rows keep their
//! order, memory goes back and forth, and at most a few batches wait.

use crate::Refusal;
use crate::table::{Assembler, Sink};
use kernel::Problem;
use registers::RawRow;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

/// Rows handed over together, and how many batches may wait.
const BATCH_ROWS: usize = 512;
const BATCHES_AHEAD: usize = 4;

#[derive(Default)]
struct Batch {
    rows: Vec<RawRow>,
    used: usize,
    remarks: Vec<Problem>,
}

/// The splitter's side.
pub(crate) struct Feed {
    batch: Batch,
    filled: SyncSender<Result<Batch, Refusal>>,
    empty: Receiver<Batch>,
}

/// The checking side has stopped; there is no use in splitting on.
pub(crate) struct Stopped;

impl Feed {
    /// The row to fill next.
    pub(crate) fn row(&mut self) -> (&mut RawRow, &mut Vec<Problem>) {
        let Batch { rows, used, remarks } = &mut self.batch;
        if rows.len() == *used {
            rows.push(RawRow::default());
        }
        (&mut rows[*used], remarks)
    }

    /// Hands the filled row over.
    pub(crate) fn done(&mut self) -> Result<(), Stopped> {
        self.batch.used += 1;
        if self.batch.used < BATCH_ROWS {
            return Ok(());
        }
        let mut next = self.empty.try_recv().unwrap_or_default();
        next.used = 0;
        self.filled.send(Ok(std::mem::replace(&mut self.batch, next))).map_err(|_| Stopped)
    }
}

/// Runs `split` on a thread of its own and checks what it feeds.
pub(crate) fn run(
    assembler: &mut Assembler<'_>,
    sink: &mut dyn Sink,
    split: impl FnOnce(&mut Feed) -> Result<(), Refusal> + Send,
) -> Result<(), Refusal> {
    std::thread::scope(|scope| {
        let (filled, full) = sync_channel::<Result<Batch, Refusal>>(BATCHES_AHEAD);
        let (emptied, empty) = channel::<Batch>();
        scope.spawn(move || {
            let mut feed = Feed { batch: Batch::default(), filled, empty };
            let last = split(&mut feed).map(|()| std::mem::take(&mut feed.batch));
            // Where nobody listens any more, the other side has refused first.
            let _ = feed.filled.send(last);
        });
        for batch in full {
            let mut batch = batch?;
            batch.remarks.drain(..).for_each(|problem| assembler.remark(problem));
            for row in &batch.rows[..batch.used] {
                assembler.line(row, sink)?;
            }
            let _ = emptied.send(batch);
        }
        Ok(())
    })
}
