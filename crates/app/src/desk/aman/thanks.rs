//! The letter of thanks to a donor: what was given, and what all gifts together did. It names no worker, and says nothing that the book does not.

use crate::desk::Desk;
use crate::desk::evidence::SMALL_GROUP;
use crate::desk::letters::{Amiss, framed, style};
use crate::{Fault, Language, clock, words};
use ::letters::{Block, Content, Issued, Labels};
use authz::{Change, Donation, Permit, Read};
use kernel::{Date, Rupiah};

/// The letter as PDF. None where there is no such donor, or nothing came from there.
///
/// # Errors
/// [`Fault`] of the database or the typesetter; inside, what the letterhead lacks.
pub fn letter(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    donor: i64,
    language: Language,
) -> Result<Result<Option<Vec<u8>>, Amiss>, Fault> {
    let (gifts, names, together) =
        desk.read(|s| Ok::<_, Fault>((s.gift_list(read, Some(donor))?, s.donor_names(change)?, s.aman_public()?)))?;
    let name = names.into_iter().find(|(id, _)| *id == donor).map(|(_, n)| n.name);
    let gifts: Vec<_> = gifts.into_iter().filter(|g| g.amount > 0).collect();
    let (Some(name), Some(first), Some(last)) = (name, gifts.first(), gifts.last()) else { return Ok(Ok(None)) };
    let style = style(desk)?;
    if let Err(amiss) = style.check() {
        return Ok(Err(amiss));
    }
    let given: i64 = gifts.iter().map(|g| g.amount).sum();
    let [_, paid, people, months] = together;
    let day = |iso: &str| iso.parse::<Date>().map_or_else(|_| String::new(), |d| words::long_date(d, language));
    let rupiah = |n: i64| format!("Rp{}", words::rupiah_text(Rupiah(n), language));
    let say = |name: &str| phrases::say_named(language, name, &[]);
    let count = |n: i64| words::count_text(n.unsigned_abs(), language);
    let few = (1..SMALL_GROUP as i64).contains(&people);
    let mut rows = vec![
        (say("thanks-given"), rupiah(given)),
        (say("thanks-times"), count(gifts.len() as i64)),
        (say("thanks-between"), format!("{} – {}", day(&first.day), day(&last.day))),
        (say("thanks-all-paid"), rupiah(paid)),
        (say("thanks-all-months"), count(months)),
    ];
    let people = if few {
        phrases::say_named(language, "people-few", &[("max", &SMALL_GROUP.to_string())])
    } else {
        count(people)
    };
    rows.push((say("thanks-all-people"), people));
    let today = clock::today();
    let mut blocks = vec![Block::Text { text: say("thanks-dear") }, Block::Facts { rows }];
    if paid > 0 && months > 0 {
        // Given times months over paid, rounded down: what such a gift buys at the price all months came to.
        let worth = i128::from(given) * i128::from(months) / i128::from(paid);
        let each = rupiah(paid / months);
        let worth = count(i64::try_from(worth).unwrap_or(i64::MAX));
        blocks.push(Block::Text {
            text: phrases::say_with(language, "thanks-worth", &[("months", worth), ("each", each)]),
        });
    } else {
        blocks.push(Block::Text { text: say("thanks-not-yet") });
    }
    blocks.push(Block::Text { text: say("thanks-pool") });
    let framed = framed(&style, language);
    let content = Content {
        title: say("thanks-title"),
        subject: say("thanks-title"),
        recipient: vec![name],
        blocks,
        // The code leads to what all gifts did; this letter itself is signed by hand.
        labels: Labels { verify: say("thanks-public"), ..framed.labels },
        ..framed
    };
    let issued = Issued {
        content: &content,
        number: &format!("AMAN/{donor}/{:04}-{:02}", today.year(), today.month()),
        date: &words::long_date(today, language),
        day: (today.year().into(), today.month().unsigned_abs(), today.day().unsigned_abs()),
        verify_url: &format!("{}/aman", desk.address()),
        code: None,
    };
    issued.pdf().map(|pdf| Ok(Some(pdf))).map_err(|e| Fault(e.0))
}
