//! matplotlib's figures come back as images, and are saved as files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Server, ToolReply};

const PLOT: &str =
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3], [1, 4, 9])\nplt.title('Growth')\n";

/// The pixels of a PNG, by its own header, after checking that it is whole.
#[track_caller]
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert!(
        bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"IEND\xae\x42\x60\x82"),
        "not a PNG"
    );
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

fn images(reply: &ToolReply) -> Vec<Vec<u8>> {
    let encoded = reply
        .data
        .results
        .iter()
        .filter_map(|bundle| bundle.get("image/png"));
    encoded
        .map(|image| STANDARD.decode(image).unwrap())
        .collect()
}

#[test]
fn plt_show_gives_an_image_and_saves_it() {
    let session = Server::shared().session();
    let reply = session
        .run(&format!("{PLOT}plt.show()\nprint('after')"))
        .prints("after\n");
    let [image] = images(&reply)
        .try_into()
        .unwrap_or_else(|_| panic!("not one image\n{reply}"));
    let (width, height) = png_size(&image);
    assert!(width > 300 && height > 200, "{width}x{height}");
    let [file] = reply
        .files()
        .try_into()
        .unwrap_or_else(|_| panic!("not one file\n{reply}"));
    assert_eq!(reply.data.files[file].content_type, "image/png");
    assert!(reply.data.files[file].changed);
    assert_eq!(
        session.get(&format!("files/{file}")).expect(200).body(),
        image
    );
}

#[test]
fn figures_still_open_at_the_end_are_shown() {
    let reply = Server::shared()
        .run(&format!("{PLOT}plt.figure()\nplt.bar(['a', 'b'], [1, 2]);"))
        .succeeded();
    let all = images(&reply);
    assert_eq!((all.len(), reply.files().len()), (2, 2), "\n{reply}");
    assert_ne!(all[0], all[1]);
}

#[test]
fn a_figure_is_shown_once() {
    let reply = Server::shared()
        .run(&format!("{PLOT}plt.show()\nplt.show()"))
        .succeeded();
    assert_eq!(images(&reply).len(), 1, "\n{reply}");
}

#[test]
fn a_figure_that_was_closed_is_not_shown() {
    let reply = Server::shared()
        .run(&format!("{PLOT}plt.savefig('mine.png')\nplt.close()"))
        .succeeded();
    assert_eq!(
        (images(&reply).len(), reply.files()),
        (0, vec!["mine.png"]),
        "\n{reply}"
    );
}

#[test]
fn figures_of_two_runs_do_not_overwrite_each_other() {
    let session = Server::shared().session();
    session.run(PLOT).succeeded();
    let reply = session.run(PLOT).succeeded();
    assert_eq!(reply.files().len(), 2, "\n{reply}");
}

#[test]
fn a_figure_is_shown_although_the_program_fails_later() {
    let reply = Server::shared()
        .run(&format!("{PLOT}1 / 0"))
        .raises("ZeroDivisionError: division by zero");
    assert_eq!(images(&reply).len(), 1, "\n{reply}");
}

#[test]
fn text_in_a_figure_may_be_of_any_kind() {
    let code = "import matplotlib.pyplot as plt\nplt.title(r'$\\alpha^2$ größe')\nplt.plot([1, 2], label='äöü')\nplt.legend()\nplt.savefig('a.svg')\nplt.savefig('a.pdf')\nplt.close()";
    assert_eq!(
        Server::shared().run(code).succeeded().files(),
        ["a.pdf", "a.svg"]
    );
}

#[test]
fn the_pixels_of_a_saved_figure_are_those_of_a_drawn_one() {
    let code = format!(
        "{PLOT}import numpy as np\ncanvas = plt.gcf().canvas\n\
         for name in ('buffer_rgba', 'tostring_argb'):\n    \
             assert plt.savefig('a.png', dpi=40, transparent=True) is None\n    \
             saved = np.frombuffer(getattr(canvas, name)(), np.uint8)\n    \
             canvas.draw()\n    \
             drawn = np.frombuffer(getattr(canvas, name)(), np.uint8)\n    \
             print(saved.size, saved.any(), (saved == drawn).all())\n\
         plt.close()"
    );
    Server::shared()
        .run(&code)
        .prints("1228800 True True\n1228800 True True\n");
}
