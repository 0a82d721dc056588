//! What an execution is known by in a list of them, and where it belongs, newest first, of which the end may not have been read yet.

/// A place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is there.
    Known(usize),
    /// It is new, and comes before what is there now.
    Before(usize),
    /// It comes after all that has been read, and will be read in its turn.
    Beyond,
}

/// Where the execution of this id belongs among `known`: ids are hexadecimal and begin with the time, so a greater one is
/// newer. `whole` says that the list has been read to its end.
pub(crate) fn place<'a>(known: impl Iterator<Item = &'a str>, id: &str, whole: bool) -> Place {
    let mut count = 0;
    for (index, other) in known.enumerate() {
        if other == id {
            return Place::Known(index);
        }
        if other < id {
            return Place::Before(index);
        }
        count = index + 1;
    }
    match whole {
        true => Place::Before(count),
        false => Place::Beyond,
    }
}

/// The line by which a program is known from others: the first that does more than import.
pub(crate) fn telling_line(code: &str) -> &str {
    let imports = |line: &&str| line.starts_with("import ") || line.starts_with("from ");
    let lines = || code.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling = lines().find(|line| !imports(line));
    telling.or_else(|| lines().next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_what_it_does() {
        for (code, line) in [
            ("\nimport os\nfrom a import b\n\n  x = 1\ny = 2", "x = 1"),
            ("# Sums\nimport os", "# Sums"),
            ("import os", "import os"),
            ("  \n", ""),
        ] {
            assert_eq!(telling_line(code), line);
        }
    }

    #[test]
    fn a_new_execution_comes_first_and_a_known_one_stays() {
        let known = ["0c", "0a", "07"];
        let place = |id, whole| place(known.into_iter(), id, whole);
        assert_eq!(place("0d", false), Place::Before(0));
        assert_eq!(place("0a", false), Place::Known(1));
        assert_eq!(place("08", false), Place::Before(2));
        assert_eq!(place("01", true), Place::Before(3));
        assert_eq!(place("01", false), Place::Beyond);
    }
}
