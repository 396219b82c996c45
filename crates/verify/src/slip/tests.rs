use super::*;
use crate::vectors::{self, Vector};
use std::sync::LazyLock;

static ALL: LazyLock<Vec<Vector>> = LazyLock::new(vectors::all);

#[test]
fn every_vector_is_answered() {
    let (all, keys) = (&*ALL, vectors::keys());
    for v in all {
        assert_eq!(vectors::answer(v), v.answer, "{}", v.name);
        if is_certificate(&v.slip) {
            let said = check_certificate(&v.slip, &keys, v.list.as_deref(), &v.day).payload;
            assert!(said.is_some() || !matches!(v.answer, Answer::Good | Answer::Withdrawn), "{}", v.name);
            assert_eq!(check(&v.slip, &keys, v.list.as_deref(), &v.day).answer, Answer::Altered, "{}", v.name);
            continue;
        }
        let checked = check(&v.slip, &keys, v.list.as_deref(), &v.day);
        assert!(checked.payload.is_some() || !matches!(checked.answer, Answer::Good | Answer::Withdrawn), "{}", v.name);
    }
    let count = |answer| all.iter().filter(|v| v.answer == answer).count();
    assert!(all.len() > 600 && count(Answer::Good) >= 9, "{}", all.len());
    let letters: Vec<_> = all.iter().filter(|v| v.name.starts_with("letter ")).collect();
    assert!(letters.iter().all(|v| matches!(v.answer, Answer::Altered | Answer::UnknownKey)));
}

#[test]
fn nothing_unproven_is_shown() {
    for v in ALL.iter() {
        let checked = check(&v.slip, &vectors::keys(), v.list.as_deref(), &v.day);
        let unproven = matches!(checked.answer, Answer::Altered | Answer::UnknownKey);
        assert!(!unproven || checked.payload.is_none() && checked.withdrawal.is_none(), "{}", v.name);
    }
}

proptest::proptest! {
    /// Whatever is thrown at it, it answers, and never good.
    #[test]
    fn noise_is_never_good(text in ".{0,400}", day in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
        let answer = check(&text, &vectors::keys(), Some(&text), &day).answer;
        proptest::prop_assert_eq!(answer, Answer::Altered);
    }

    /// A piece cut out, doubled or moved is never good.
    #[test]
    fn no_surgery_is_good(at in 5usize..600, length in 1usize..40, how in 0u8..3) {
        let good = &ALL[0];
        let text = &good.slip;
        let (at, end) = (at.min(text.len() - 1), (at + length).min(text.len()));
        let (before, piece, after) = (&text[..at], &text[at..end.max(at)], &text[end.max(at)..]);
        let cut = match how {
            0 => format!("{before}{after}"),
            1 => format!("{before}{piece}{piece}{after}"),
            _ => format!("{before}{after}{piece}"),
        };
        proptest::prop_assume!(&cut != text);
        let answer = check(&cut, &vectors::keys(), good.list.as_deref(), &good.day).answer;
        proptest::prop_assert!(matches!(answer, Answer::Altered | Answer::UnknownKey), "{answer:?}");
    }
}
