//! Which component a path belongs to.
//!
//! A route is literal segments, `:name` for any one segment, and at its end `...` for any number
//! of them. Of the routes that match, the one that says more, from the left, wins.

/// A route of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    segments: Vec<Segment>,
}

/// In order of how much it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Rest,
    Any,
    Literal(String),
}

impl Route {
    /// Parses `/api/:id/...`; the error says what a route looks like.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some(path) = text.strip_prefix('/') else {
            return Err(format!("route `{text}` must begin with `/`"));
        };
        let mut segments: Vec<Segment> = split(path)
            .map(|segment| match segment {
                "..." => Segment::Rest,
                name if name.starts_with(':') => Segment::Any,
                literal => Segment::Literal(literal.to_owned()),
            })
            .collect();
        let rest_at = segments
            .iter()
            .position(|segment| *segment == Segment::Rest);
        match rest_at {
            Some(at) if at + 1 < segments.len() => {
                Err(format!("`...` must be the last part of route `{text}`"))
            }
            Some(_) => Ok(Self { segments }),
            None if segments.iter().any(
                |s| matches!(s, Segment::Literal(l) if l.contains('*') || l.contains("...")),
            ) =>
            {
                Err(format!(
                    "route `{text}` has a wildcard this host doesn't know; only a last part `...` and `:name` are"
                ))
            }
            None => {
                segments.shrink_to_fit();
                Ok(Self { segments })
            }
        }
    }

    fn matches(&self, path: &str) -> bool {
        let mut parts = split(path.strip_prefix('/').unwrap_or(path));
        for segment in &self.segments {
            match (segment, parts.next()) {
                (Segment::Rest, _) => return true,
                (Segment::Any, Some(_)) => {}
                (Segment::Literal(literal), Some(part)) if literal == part => {}
                _ => return false,
            }
        }
        parts.next().is_none()
    }
}

/// The segments of a path without its first slash; a slash at the end makes no difference.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

/// All routes, each with what it leads to.
#[derive(Debug)]
pub(super) struct Routes<T> {
    routes: Vec<(Route, T)>,
}

impl<T> Routes<T> {
    pub(super) fn new(mut routes: Vec<(Route, T)>) -> Self {
        routes.sort_by(|(a, _), (b, _)| b.segments.cmp(&a.segments));
        Self { routes }
    }

    pub(super) fn find(&self, path: &str) -> Option<&T> {
        self.routes
            .iter()
            .find(|(route, _)| route.matches(path))
            .map(|(_, target)| target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(routes: &[&'static str], path: &str) -> Option<&'static str> {
        let routes = routes
            .iter()
            .map(|text| (Route::parse(text).unwrap(), *text))
            .collect();
        Routes::new(routes).find(path).copied()
    }

    #[test]
    fn exact_routes_match_themselves_only() {
        assert_eq!(find(&["/api"], "/api"), Some("/api"));
        assert_eq!(find(&["/api"], "/api/"), Some("/api"));
        assert_eq!(find(&["/api"], "/api/x"), None);
        assert_eq!(find(&["/api"], "/apix"), None);
        assert_eq!(find(&["/"], "/"), Some("/"));
        assert_eq!(find(&["/"], "/x"), None);
    }

    #[test]
    fn the_rest_matches_any_number_of_segments() {
        for path in ["/api", "/api/", "/api/x", "/api/x/y"] {
            assert_eq!(find(&["/api/..."], path), Some("/api/..."), "{path}");
        }
        assert_eq!(find(&["/api/..."], "/other"), None);
        assert_eq!(find(&["/..."], "/"), Some("/..."));
    }

    #[test]
    fn a_name_matches_one_segment() {
        assert_eq!(find(&["/a/:id/c"], "/a/b/c"), Some("/a/:id/c"));
        assert_eq!(find(&["/a/:id/c"], "/a/c"), None);
    }

    #[test]
    fn the_route_that_says_more_wins() {
        let routes = ["/...", "/api/...", "/api/:id", "/api/me"];
        assert_eq!(find(&routes, "/api/me"), Some("/api/me"));
        assert_eq!(find(&routes, "/api/you"), Some("/api/:id"));
        assert_eq!(find(&routes, "/api/you/x"), Some("/api/..."));
        assert_eq!(find(&routes, "/x"), Some("/..."));
    }

    #[test]
    fn bad_routes_are_refused() {
        assert!(Route::parse("api").is_err());
        assert!(Route::parse("/.../x").is_err());
        assert!(Route::parse("/x*").is_err());
    }
}
