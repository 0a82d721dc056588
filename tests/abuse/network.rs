//! There is no network: no socket, no name, no way to the host's own services.

use std::io::ErrorKind;
use std::net::TcpListener;

use super::{Prints, Raises, attempts, server};

attempts! {
    making_a_socket:
        "import socket; socket.socket()" => Raises("OSError: [Errno 58] Not supported");
    connecting:
        "import socket; print(denied(socket.create_connection, ('1.1.1.1', 80), 1), denied(socket.create_connection, ('localhost', 80), 1), denied(lambda: socket.socket().connect(('1.1.1.1', 80))))"
        => Prints("AttributeError AttributeError OSError 58\n");
    sending_datagrams:
        "import socket; print(denied(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)), denied(lambda: socket.socket(socket.AF_INET6)), denied(lambda: socket.socket(socket.AF_UNIX)))"
        => Prints("OSError 58 OSError 58 AttributeError\n");
    listening:
        "import socket; print(denied(socket.create_server, ('', 8080)))" => Prints("OSError 58\n");
    resolving_names:
        "import socket; print(denied(lambda: socket.gethostbyname('example.com')), denied(lambda: socket.getaddrinfo('localhost', 80)))"
        => Prints("AttributeError AttributeError\n");
    a_pair_of_sockets:
        "import socket; print(denied(lambda: socket.socketpair()))" => Prints("OSError 58\n");
    guessing_a_socket_among_the_descriptors:
        "import socket; print({denied(lambda: socket.socket(fileno=fd).recv(1)) for fd in range(3, 40)} <= {'OSError 8', 'OSError 57', 'OSError 58', 'AttributeError'})"
        => Prints("True\n");
    urllib:
        "import urllib.request; print(denied(urllib.request.urlopen, 'http://example.com/', None, 1))" => Prints("AttributeError\n");
    the_clouds_metadata_service:
        "import urllib.request; print(denied(urllib.request.urlopen, 'http://169.254.169.254/latest/meta-data/', None, 1))" => Prints("AttributeError\n");
    the_python_service_itself:
        "import urllib.request; print(denied(urllib.request.urlopen, 'http://python.spin.internal/v1/health', None, 1))" => Prints("AttributeError\n");
    a_file_url:
        "import urllib.request; print(denied(urllib.request.urlopen, 'file:///etc/passwd'))" => Prints("URLError\n");
    http_client:
        "import http.client; print(denied(http.client.HTTPConnection('127.0.0.1', 80, timeout=1).request, 'GET', '/'))" => Prints("AttributeError\n");
    tls:
        "import urllib.request; print(denied(urllib.request.urlopen, 'https://example.com/', None, 1))" => Prints("URLError\n");
    mail_and_ftp:
        "import ftplib, smtplib; print(denied(smtplib.SMTP, '127.0.0.1', 25), denied(ftplib.FTP, '127.0.0.1'))" => Prints("AttributeError AttributeError\n");
    asyncio_connections:
        "import asyncio;
async def connect(): await asyncio.open_connection('127.0.0.1', 80)
import io, sys; sys.stderr = io.StringIO()
print(denied(lambda: asyncio.run(connect())))" => Prints("OSError 58\n");
    a_server_in_the_sandbox:
        "import http.server; print(denied(http.server.HTTPServer, ('', 8000), http.server.SimpleHTTPRequestHandler))" => Prints("OSError 58\n");
    pandas_reading_a_url:
        "import pandas as pd; print(denied(pd.read_csv, 'http://127.0.0.1:1/a.csv'))" => Prints("AttributeError\n");
    reading_the_same_from_a_file_is_allowed:
        "import pandas as pd; open('a.csv', 'w').write('x\\n1\\n'); print(pd.read_csv('a.csv').x.sum())" => Prints("1\n");
    listening_for_other_processes:
        "import multiprocessing.connection as c; print(denied(c.Listener, ('localhost', 0)))" => Prints("OSError 58\n");
}

/// Whatever the sandbox says: nothing must arrive.
#[test]
fn nothing_arrives_at_a_port_of_the_host() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let code = format!(
        "import socket, urllib.request\nfor attempt in (lambda: socket.create_connection(('127.0.0.1', {port}), 1), lambda: urllib.request.urlopen('http://127.0.0.1:{port}/', None, 1)):\n    try: attempt()\n    except (AttributeError, OSError): print('denied')"
    );
    server().run(&code).prints("denied\ndenied\n");
    assert_eq!(
        listener.accept().unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "a connection arrived"
    );
}
