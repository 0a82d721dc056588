//! The programs that are measured, the same source on both sides, and what they must reach.

/// One program.
pub(crate) struct Case {
    /// What the report and `--only` call it.
    pub(crate) name: &'static str,
    /// Its source.
    pub(crate) code: &'static str,
    /// Whose clock counts.
    pub(crate) clock: Clock,
    /// At most so many milliseconds at the median.
    pub(crate) max_ms: Option<f64>,
    /// What the subprocess's median over ours must at least be.
    pub(crate) min_times_faster: Option<f64>,
}

/// Whose clock counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The caller's: from the request to the whole response, from the start of the process to its end.
    Call,
    /// The program's: it times itself and prints the seconds as its last line. For work that takes
    /// long enough that the subprocess's start would flatter us.
    Program,
}

/// Every case, in the report's order.
pub(crate) const ALL: &[Case] = &[
    Case {
        name: "print",
        code: "print('hi')",
        clock: Clock::Call,
        max_ms: Some(3.0),
        min_times_faster: Some(3.0),
    },
    Case {
        name: "numpy",
        code: "import numpy as np\nprint(np.arange(1000).reshape(10, 100).sum(axis=0).mean())",
        clock: Clock::Call,
        max_ms: None,
        min_times_faster: None,
    },
    Case {
        name: "pandas",
        code: "import pandas as pd\n\
               print(pd.DataFrame({'a': [1, 2]}).sum())",
        clock: Clock::Call,
        max_ms: Some(10.0),
        min_times_faster: Some(25.0),
    },
    Case {
        name: "pandas, groupby",
        code: "import pandas as pd\n\
               frame = pd.DataFrame({'group': ['a', 'b', 'a', 'b'], 'value': [1, 2, 3, 4]})\n\
               print(frame.groupby('group').sum())",
        clock: Clock::Call,
        max_ms: None,
        min_times_faster: None,
    },
    Case {
        name: "figure",
        code: "import matplotlib\n\
               matplotlib.use('agg')\n\
               import matplotlib.pyplot as plt\n\
               plt.plot([1, 2, 3, 4], [10, 20, 25, 30], label='growth')\n\
               plt.title('A figure')\n\
               plt.xlabel('time in s')\n\
               plt.ylabel('height in m')\n\
               plt.legend()\n\
               plt.savefig('figure.png')\n\
               plt.close()",
        clock: Clock::Call,
        max_ms: Some(150.0),
        min_times_faster: Some(3.0),
    },
    // Within 2.5 times of native is at least 0.4 times as fast.
    Case {
        name: "for loop",
        code: "import time\n\
               def loop():\n    n = 0\n    for _ in range(3_000_000): n += 1\n\
               start = time.perf_counter()\n\
               loop()\n\
               print(time.perf_counter() - start)",
        clock: Clock::Program,
        max_ms: None,
        min_times_faster: Some(1.0 / 2.5),
    },
    // Past 2^30 an integer has two digits and is allocated anew, where CPython on WASI has no pymalloc.
    Case {
        name: "for loop, big sums",
        code: "import time\n\
               def loop():\n    t = 0\n    for i in range(3_000_000): t += i\n\
               start = time.perf_counter()\n\
               loop()\n\
               print(time.perf_counter() - start)",
        clock: Clock::Program,
        max_ms: None,
        min_times_faster: None,
    },
    Case {
        name: "recursion",
        code: "import time\n\
               def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\
               start = time.perf_counter()\n\
               fib(25)\n\
               print(time.perf_counter() - start)",
        clock: Clock::Program,
        max_ms: None,
        min_times_faster: Some(1.0 / 2.5),
    },
    Case {
        name: "matmul",
        code: "import time\n\
               import numpy as np\n\
               a = np.random.default_rng(1).random((500, 500))\n\
               start = time.perf_counter()\n\
               a @ a\n\
               print(time.perf_counter() - start)",
        clock: Clock::Program,
        max_ms: None,
        min_times_faster: None,
    },
];
