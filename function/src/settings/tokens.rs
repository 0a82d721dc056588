//! Who may call: the tokens, and whose each is.

use api::TenantName;
use subtle::ConditionallySelectable as _;

use super::Secret;
use crate::tenant::Tenant;

/// Every token that is set. Where none is, everybody may call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tokens {
    /// `api_token`: its holder has no name.
    pub(super) unnamed: Secret,
    /// `api_tokens`.
    pub(super) named: Vec<(TenantName, Secret)>,
}

/// What is wrong with a line of `api_tokens`, without what stands in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// From 1.
    pub(super) number: usize,
    pub(super) allowed: &'static str,
}

impl Tokens {
    /// Reads `NAME:TOKEN` lines; fails with everything that is wrong.
    pub(super) fn parse(unnamed: Secret, lines: &str) -> Result<Self, Vec<BadLine>> {
        let named = Vec::new();
        let (mut tokens, mut bad) = (Self { unnamed, named }, Vec::new());
        for (index, line) in lines.lines().map(str::trim).enumerate() {
            if line.is_empty() {
                continue;
            }
            match tokens.read(line) {
                Ok(read) => tokens.named.push(read),
                Err(allowed) => bad.push(BadLine {
                    number: index + 1,
                    allowed,
                }),
            }
        }
        if bad.is_empty() { Ok(tokens) } else { Err(bad) }
    }

    fn read(&self, line: &str) -> Result<(TenantName, Secret), &'static str> {
        let parts = line.split_once(':');
        let read = parts.and_then(|(name, token)| {
            let token = token.trim();
            // Others can't be in a header's value, or not at its ends.
            let is_plain = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
            let name = TenantName::parse(name.trim()).ok()?;
            is_plain.then(|| (name, Secret::new(token.to_owned())))
        });
        let (name, token) = read.ok_or(
            "`NAME:TOKEN`, the name 1 to 32 of `a-z 0-9 -` beginning with a letter or digit, the token \
             of visible ASCII characters",
        )?;
        if self.named.iter().any(|(other, _)| *other == name) {
            Err("of a name that no line above has")
        } else if self.all().any(|(_, other)| *other == token) {
            Err("of a token that neither a line above nor api_token has")
        } else {
            Ok((name, token))
        }
    }

    /// Whose token this is; nobody's if it is none. It is compared with all of them, whichever it is, so that the time
    /// that takes says nothing.
    pub fn owner(&self, candidate: Option<&[u8]>) -> Option<Tenant> {
        let all: Vec<_> = self.all().collect();
        if all.is_empty() {
            return Some(Tenant::default());
        }
        let candidate = candidate?;
        let nobody = all.len() as u64;
        let mut found = nobody;
        for (index, (_, token)) in (0..).zip(&all) {
            found.conditional_assign(&index, token.matches(candidate));
        }
        let (tenant, _) = all.get(usize::try_from(found).ok()?)?;
        Some(tenant.clone())
    }

    /// The tokens, for the one place that must find them in a text.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.all().map(|(_, token)| token)
    }

    fn all(&self) -> impl Iterator<Item = (Tenant, &Secret)> {
        let unnamed = Some(&self.unnamed).filter(|token| !token.is_empty());
        let unnamed = unnamed.map(|token| (Tenant::default(), token));
        let named = self.named.iter();
        unnamed
            .into_iter()
            .chain(named.map(|(name, token)| (Tenant::named(name.clone()), token)))
    }

    /// What may be shown of `api_tokens`.
    pub(super) fn shown(&self) -> &'static str {
        if self.named.is_empty() {
            "(empty)"
        } else {
            "(set)"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(unnamed: &str, lines: &str) -> Result<Tokens, Vec<BadLine>> {
        Tokens::parse(Secret::new(unnamed.to_owned()), lines)
    }

    fn owner(tokens: &Tokens, token: &str) -> Option<String> {
        let owner = tokens.owner(Some(token.as_bytes()))?;
        Some(owner.name().unwrap_or("nameless").to_owned())
    }

    #[test]
    fn a_token_has_one_owner() {
        let tokens = tokens("t0", "\n acme:t1 \r\n\nb-2: t:2\n").unwrap();
        for (token, name) in [("t0", "nameless"), ("t1", "acme"), ("t:2", "b-2")] {
            assert_eq!(owner(&tokens, token).as_deref(), Some(name));
        }
        for nobodys in ["", "t", "t3", "acme", "acme:t1", "t11"] {
            assert_eq!(owner(&tokens, nobodys), None, "{nobodys}");
        }
        assert_eq!(tokens.owner(None), None);
    }

    #[test]
    fn only_without_any_token_is_none_needed() {
        assert_eq!(tokens("", "").unwrap().owner(None), Some(Tenant::default()));
        let named = tokens("", "a:t").unwrap();
        assert_eq!((named.owner(None), owner(&named, "")), (None, None));
    }

    #[test]
    fn bad_lines_are_told_by_their_numbers() {
        let good = "a:t1\nb:t2";
        let numbers = |lines: &str| -> Vec<usize> {
            let bad = tokens("t0", lines).err().unwrap_or_default();
            bad.iter().map(|line| line.number).collect()
        };
        assert_eq!(numbers(good), [0; 0]);
        for bad in [
            "t", ":t", "c:", "c: ", "C:t", "c d:t", "c~d:t", "-c:t", "c:t 3", "c:é", "a:t3",
            "c:t0", "c:t2",
        ] {
            assert_eq!(numbers(&format!("{good}\n{bad}\nd:t4")), [3], "{bad}");
        }
        assert_eq!(numbers("x\na:t\ny"), [1, 3]);
    }
}
