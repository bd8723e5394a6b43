//! A browser's name as people know it. What a browser calls itself is a history of browsers.

/// Of a browser that is not known so many letters of what it calls itself are shown.
const LONGEST: usize = 40;

/// The program and the system it runs on, as far as they are known.
pub(crate) fn known(agent: &str) -> (Option<&'static str>, Option<&'static str>) {
    let pick = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program = pick(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    (program, system)
}

/// The beginning of what an unknown browser calls itself.
pub(crate) fn cut(agent: &str) -> String {
    agent.chars().take(LONGEST).collect()
}

/// `Firefox (Linux)`: the same in every language. An unknown browser keeps the beginning of what it calls itself.
pub fn browser_name(agent: &str) -> String {
    match known(agent) {
        (Some(program), Some(system)) => format!("{program} ({system})"),
        (Some(program), None) => program.to_owned(),
        (None, _) => cut(agent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_has_a_name_that_people_know() {
        let names = [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
                "Chrome (Linux)",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 \
                 Safari/537.36 Edg/150.0.0.0",
                "Edge (Windows)",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari (iPhone)",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox (Linux)"),
            ("curl/8.14.1", "curl"),
            (
                "a program of somebody's own with a name beyond all measure",
                "a program of somebody's own with a name ",
            ),
            ("", ""),
        ];
        for (agent, name) in names {
            assert_eq!(browser_name(agent), name);
        }
    }
}
