//! A browser and a program that speak HTTP over a socket, so that nothing of ours stands between a test and the server.

use std::io;

use axum::http::{self, HeaderValue, Method, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request as a program would. HTTP/1.0: the answer ends with the connection.
pub async fn send(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, io::Error> {
    let address = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let mut head = format!("{} {path} HTTP/1.0\r\nhost: {address}\r\n", request.method());
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().map_err(io::Error::other)?));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body().len()));
    let mut socket = TcpStream::connect(&address).await?;
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(request.body()).await?;
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).await?;
    let at = bytes.windows(4).position(|it| it == b"\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let mut response = http::Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(bytes[at + 4..].to_vec()).map_err(io::Error::other)
}

/// Keeps cookies and the last form token.
pub struct Browser {
    base: String,
    cookies: Vec<(String, String)>,
    csrf: String,
}

pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), cookies: Vec::new(), csrf: String::new() }
    }

    /// Opens a path or an address of the server.
    pub async fn get(&mut self, to: &str) -> Page {
        self.ask(Method::GET, to, String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf).extend_pairs(fields);
        self.ask(Method::POST, path, body.finish()).await
    }

    async fn ask(&mut self, method: Method, to: &str, body: String) -> Page {
        let uri = if to.starts_with('/') { format!("{}{to}", self.base) } else { to.to_owned() };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = http::Request::builder()
            .method(method)
            .uri(uri)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into_bytes())
            .unwrap();
        let response = send(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap();
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let location = response.headers().get(header::LOCATION).map(HeaderValue::to_str);
        let location = location.transpose().unwrap().unwrap_or_default().to_owned();
        let text = String::from_utf8_lossy(response.body()).into_owned();
        if let Some((_, rest)) = text.split_once("name=\"_csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Page { status: response.status(), location, text }
    }

    /// The value of a hidden field of the last page.
    pub fn hidden(page: &Page, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) =
            page.text.split_once(&mark).unwrap_or_else(|| panic!("no field {name}: {}", page.text));
        rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#x2f;", "/")
    }
}
