//! The scientific stack does real work, not just import.

use crate::harness::Server;

#[test]
fn numpy_calculates() {
    Server::shared()
        .run("import numpy as np\na = np.array([[2., 1.], [1., 3.]])\nprint(np.linalg.solve(a, [3., 5.]).round(6), np.fft.fft([1, 0, 0, 0]).real)")
        .prints("[0.8 1.4] [1. 1. 1. 1.]\n");
}

#[test]
fn pandas_reads_groups_and_writes() {
    let session = Server::shared().session();
    session
        .put("files/in.csv", "city,sales\nA,1\nB,2\nA,3\n")
        .expect(201);
    let code = "import pandas as pd\nframe = pd.read_csv('in.csv').groupby('city').sum()\nframe.to_csv('out.csv')\nframe.to_excel('out.xlsx')\nprint(pd.read_excel('out.xlsx').sales.tolist())";
    let reply = session.run(code).prints("[4, 2]\n");
    assert_eq!(reply.files(), ["in.csv", "out.csv", "out.xlsx"]);
}

#[test]
fn scipy_finds_a_minimum() {
    Server::shared()
        .run("from scipy.optimize import minimize\nprint(round(float(minimize(lambda x: (x[0] - 3) ** 2, [0]).x[0]), 3))")
        .prints("3.0\n");
}

#[test]
fn scikit_learn_fits_a_model() {
    Server::shared()
        .run("from sklearn.linear_model import LinearRegression\nmodel = LinearRegression().fit([[0], [1], [2]], [1, 3, 5])\nprint(model.predict([[10]]).round(3))")
        .prints("[21.]\n");
}

#[test]
fn sympy_solves() {
    Server::shared()
        .run("from sympy import *\nx = symbols('x')\nprint(solve(x**2 - 4, x), diff(sin(x), x))")
        .prints("[-2, 2] cos(x)\n");
}

#[test]
fn pillow_draws() {
    Server::shared()
        .run("from PIL import Image\nImage.new('RGB', (4, 3), 'red').save('a.png')\nprint(Image.open('a.png').getpixel((0, 0)))")
        .prints("(255, 0, 0)\n");
}

#[test]
fn sqlite_keeps_a_database_in_the_workspace() {
    let session = Server::shared().session();
    session.run("import sqlite3\nwith sqlite3.connect('a.db') as db: db.execute('create table t as select 42 as x')").succeeded();
    session
        .run("import sqlite3\nprint(sqlite3.connect('a.db').execute('select x from t').fetchall())")
        .prints("[(42,)]\n");
}

#[test]
fn time_zones_are_known() {
    Server::shared()
        .run("from datetime import datetime\nfrom zoneinfo import ZoneInfo\nprint(datetime(2026, 7, 1, tzinfo=ZoneInfo('Europe/Berlin')).isoformat())")
        .prints("2026-07-01T00:00:00+02:00\n");
}

#[test]
fn asyncio_runs() {
    Server::shared()
        .run("import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 42\nprint(asyncio.run(f()))")
        .prints("42\n");
}

#[test]
fn a_package_that_is_not_there_is_named() {
    Server::shared()
        .run("import torch")
        .raises("ModuleNotFoundError: No module named 'torch'");
}
