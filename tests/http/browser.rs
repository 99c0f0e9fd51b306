//! A browser without a window, told what to do over a pipe: the Chrome DevTools Protocol.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Browser {
    child: Child,
    input: ChildStdin,
    told: Receiver<Value>,
    session: Option<String>,
    calls: u64,
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens an address, if there is a browser.
    pub(super) fn open(address: &str) -> Option<Browser> {
        let name = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find(|name| Command::new(name).arg("--version").output().is_ok());
        let Some(name) = name else {
            assert!(std::env::var_os("CI").is_none(), "chromium is not installed");
            eprintln!("skipped: chromium is not installed");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // It reads from its file 3 and writes to its file 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", name])
            .args(["--headless", "--remote-debugging-pipe", "--disable-gpu", "--lang=fr"])
            .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
            // It will not sandbox itself for root, as which checks are often run.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,860"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let input = child.stdin.take().expect("a pipe");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                let Ok(value) = serde_json::from_slice(message.strip_suffix(b"\0").unwrap_or(&[]))
                else {
                    return;
                };
                message.clear();
                if tell.send(value).is_err() {
                    return;
                }
            }
        });
        let (session, calls, events) = (None, 0, Vec::new());
        let mut browser = Browser { child, input, told, session, calls, events, _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", attached);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.go(address);
        Some(browser)
    }

    /// Goes to an address, and waits until everything is loaded.
    pub(super) fn go(&mut self, address: &str) {
        self.call("Page.navigate", json!({"url": address}));
        self.wait(&format!(
            "document.readyState === 'complete' && location.href.startsWith({})",
            json!(address)
        ));
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.input, "{message}\0").and_then(|()| self.input.flush()).expect("it listens");
        loop {
            let told = self.told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{method}"));
            if told["id"] == self.calls {
                assert!(told["error"].is_null(), "{method} {params}: {told}");
                return told["result"].clone();
            }
            self.events.push(told);
        }
    }

    /// What a script on the page gives.
    pub(super) fn evaluate(&mut self, script: &str) -> Value {
        let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let told = self.call("Runtime.evaluate", asked);
        assert!(told["exceptionDetails"].is_null(), "{script}: {told}");
        told["result"]["value"].clone()
    }

    /// Waits until a script says yes.
    pub(super) fn wait(&mut self, script: &str) {
        let start = Instant::now();
        while self.evaluate(script) != true {
            if start.elapsed() > PATIENCE {
                panic!("{script} does not become true; the page says {}", self.text("body"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The text of an element, as it is seen.
    pub(super) fn text(&mut self, selector: &str) -> String {
        let script = format!("document.querySelector({}).innerText", json!(selector));
        self.evaluate(&script).as_str().unwrap_or_default().to_owned()
    }

    /// Presses a key, perhaps with others held down: `Alt+ArrowDown`.
    pub(super) fn press(&mut self, keys: &str) {
        let mut parts: Vec<&str> = keys.split('+').collect();
        let key = parts.pop().expect("a key");
        let held = parts.iter().map(|part| match *part {
            "Alt" => 1,
            "Ctrl" => 2,
            "Shift" => 8,
            other => panic!("{other}"),
        });
        let held: u32 = held.sum();
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "modifiers": held});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Writes into an element.
    pub(super) fn write(&mut self, selector: &str, text: &str) {
        self.evaluate(&format!("document.querySelector({}).focus()", json!(selector)));
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Clicks on an element.
    pub(super) fn click(&mut self, selector: &str) {
        self.evaluate(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Chooses a file.
    pub(super) fn choose(&mut self, selector: &str, path: &Path) {
        let script = format!("document.querySelector({})", json!(selector));
        let element = self.call("Runtime.evaluate", json!({"expression": script}));
        let object = &element["result"]["objectId"];
        self.call("DOM.setFileInputFiles", json!({"files": [path], "objectId": object}));
    }

    /// Takes a picture in a colour scheme, `light` or `dark`; it lies with what is built.
    pub(super) fn picture(&mut self, name: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
        let picture = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let bytes = BASE64.decode(picture["data"].as_str().expect("a picture")).expect("Base64");
        assert!(bytes.starts_with(b"\x89PNG"));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{scheme}.png"));
        std::fs::write(path, bytes).expect("the picture is written");
    }

    /// What the page complained of, and what it asked of others than this server.
    pub(super) fn problems(&mut self, address: &str) -> Vec<String> {
        // Whatever was told before this is answered has been received then.
        self.evaluate("0");
        let problem = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(params.to_string()),
                "Runtime.consoleAPICalled" if params["type"] == "error" => Some(params.to_string()),
                "Log.entryAdded" if params["entry"]["level"] == "error" => Some(params.to_string()),
                "Network.requestWillBeSent" => {
                    let url = params["request"]["url"].as_str()?;
                    let own = url.starts_with(address)
                        || ["data:", "about:", "blob:"].iter().any(|own| url.starts_with(own));
                    (!own).then(|| format!("asks {url}"))
                }
                _ => None,
            }
        };
        self.events.iter().filter_map(problem).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        let closing = json!({"id": 0, "method": "Browser.close"});
        let _ = write!(self.input, "{closing}\0");
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > Duration::from_secs(5) {
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
