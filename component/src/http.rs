//! Requests and answers.

use std::io::{Read, Write};

use api::RequestId;
use api::error::{ErrorBody, ErrorCode};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use service::request::bad;
use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, Method as WasiMethod, OutgoingBody, OutgoingResponse,
    ResponseOutparam,
};
use wasip2::io::streams::{InputStream, OutputStream};

/// A request, without its body.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Decoded, one by one.
    pub(crate) segments: Vec<String>,
    pub(crate) headers: HeaderMap,
    request: IncomingRequest,
}

impl Request {
    /// Reads its head; a path that is no text is refused.
    pub(crate) fn of(request: IncomingRequest) -> (Self, Result<(), ErrorBody>) {
        let path = request.path_with_query().unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        let segments: Result<Vec<_>, _> = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8())
            .map(|decoded| decoded.map(String::from))
            .collect();
        let refused = segments
            .as_ref()
            .err()
            .map(|_| bad("the path is not UTF-8"));
        let request = Self {
            method: method(&request.method()),
            segments: segments.unwrap_or_default(),
            headers: headers(&request.headers()),
            request,
        };
        (request, refused.map_or(Ok(()), Err))
    }

    /// Its body, as it comes.
    pub(crate) fn body(&self) -> Option<Body> {
        let body = self.request.consume().ok()?;
        let stream = body.stream().ok()?;
        Some(Body {
            stream,
            _body: body,
        })
    }

    /// The request's own id, if it is fit for a log, or a new one.
    pub(crate) fn id(&self) -> String {
        let brought = self.headers.get(RequestId::HEADER);
        let brought = brought.and_then(|id| RequestId::parse(id.to_str().ok()?).ok());
        brought.map_or_else(crate::wasi::new_id, String::from)
    }
}

fn method(method: &WasiMethod) -> Method {
    match method {
        WasiMethod::Get => Method::GET,
        WasiMethod::Head => Method::HEAD,
        WasiMethod::Post => Method::POST,
        WasiMethod::Put => Method::PUT,
        WasiMethod::Delete => Method::DELETE,
        WasiMethod::Connect => Method::CONNECT,
        WasiMethod::Options => Method::OPTIONS,
        WasiMethod::Trace => Method::TRACE,
        WasiMethod::Patch => Method::PATCH,
        WasiMethod::Other(other) => other.parse().unwrap_or(Method::OPTIONS),
    }
}

fn headers(fields: &Fields) -> HeaderMap {
    let entries = fields.entries().into_iter();
    entries
        .filter_map(|(name, value)| {
            let name = HeaderName::try_from(name).ok()?;
            Some((name, HeaderValue::from_bytes(&value).ok()?))
        })
        .collect()
}

/// A body, as it comes. Its stream goes before it: the one is the other's.
pub(crate) struct Body {
    stream: InputStream,
    _body: IncomingBody,
}

impl Body {
    /// All of it, if it has no more bytes than that.
    pub(crate) fn read_all(mut self, most: usize) -> Result<Vec<u8>, ErrorBody> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.stream).take(most as u64 + 1);
        limited.read_to_end(&mut bytes).map_err(broke_off)?;
        if bytes.len() > most {
            let error = format!("the body is larger than {most} bytes");
            return Err(ErrorBody::new(ErrorCode::TooLarge, error));
        }
        Ok(bytes)
    }

    /// The next piece; empty at its end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorBody> {
        Read::read(&mut self.stream, buffer).map_err(broke_off)
    }
}

fn broke_off(error: std::io::Error) -> ErrorBody {
    bad(format!("the body broke off: {error}"))
}

/// Where the answer goes.
pub(crate) struct Answer {
    out: ResponseOutparam,
    request_id: String,
}

impl Answer {
    pub(crate) fn new(out: ResponseOutparam, request_id: String) -> Self {
        Self { out, request_id }
    }

    /// Sends the head; the body follows.
    pub(crate) fn begin(self, status: StatusCode, mut headers: HeaderMap) -> Sending {
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert(HeaderName::from_static(RequestId::HEADER), id);
        }
        let fields: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        // A host forbids headers that are its own business, of which there are none here.
        let fields = Fields::from_list(&fields).unwrap_or_else(|_| Fields::new());
        let response = OutgoingResponse::new(fields);
        _ = response.set_status_code(status.as_u16());
        let body = response.body().expect("it is asked for once");
        ResponseOutparam::set(self.out, Ok(response));
        let stream = body.write().expect("it is asked for once");
        Sending { stream, body }
    }

    /// Sends all of it.
    pub(crate) fn send(self, status: StatusCode, mut headers: HeaderMap, body: &[u8]) {
        if status != StatusCode::NO_CONTENT {
            headers.insert(header::CONTENT_LENGTH, body.len().into());
        }
        let mut sending = self.begin(status, headers);
        sending.write(body);
        sending.end();
    }

    /// An answer without a body.
    pub(crate) fn nothing(self) {
        self.send(StatusCode::NO_CONTENT, HeaderMap::new(), &[]);
    }

    /// JSON.
    pub(crate) fn json(self, status: StatusCode, value: &impl Serialize) {
        self.json_with(status, HeaderMap::new(), value);
    }

    /// A refusal.
    pub(crate) fn refuse(self, body: &ErrorBody) {
        self.refuse_with(HeaderMap::new(), body);
    }

    /// A refusal with headers of its own.
    pub(crate) fn refuse_with(self, mut headers: HeaderMap, body: &ErrorBody) {
        if body.code == ErrorCode::Busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        let status = StatusCode::from_u16(body.code.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.json_with(status, headers, body);
    }

    fn json_with(self, status: StatusCode, mut headers: HeaderMap, value: &impl Serialize) {
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        let body = serde_json::to_vec(value).expect("plain data serialises");
        self.send(status, headers, &body);
    }
}

/// A body on its way out.
pub(crate) struct Sending {
    stream: OutputStream,
    body: OutgoingBody,
}

impl Sending {
    /// Sends bytes, and waits until the host has them; false if nobody wants them.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok() && Write::flush(&mut self.stream).is_ok()
    }

    /// Whether anybody wants more.
    pub(crate) fn is_wanted(&self) -> bool {
        self.stream.check_write().is_ok()
    }

    /// The end.
    pub(crate) fn end(self) {
        drop(self.stream);
        // Who has hung up by now does not mind.
        _ = OutgoingBody::finish(self.body, None);
    }
}
