#include "tests/report/browser.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace viasync::report::test {
namespace {

constexpr const char* kProgram = "/usr/bin/chromium";
constexpr int kReadsFrom = 3, kWritesTo = 4;  // the descriptors of Chromium's side
constexpr int kAnswerMs = 120'000;

std::string Decoded(const std::string& base64) {
  std::string bytes(base64.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(base64.data()),
                  static_cast<int>(base64.size()));
  bytes.resize(bytes.size() - static_cast<std::size_t>(std::ranges::count(base64, '=')));
  return bytes;
}

[[noreturn]] void RunChromium(int reads, int writes, const std::string& folder) {
  // Out of the way first: either of them may be 3 or 4 itself.
  constexpr int kFree = 10;
  const int in = fcntl(reads, F_DUPFD, kFree), out = fcntl(writes, F_DUPFD, kFree);
  dup2(in, kReadsFrom);
  dup2(out, kWritesTo);
  const int log = open((folder + "/chromium.log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  setenv("HOME", folder.c_str(), 1);
  const std::string profile = "--user-data-dir=" + folder + "/profile";
  std::vector<const char*> args = {kProgram,
                                   "--headless",
                                   "--remote-debugging-pipe",
                                   profile.c_str(),
                                   "--no-sandbox",
                                   "--disable-gpu",
                                   "--disable-quic",
                                   "--no-first-run",
                                   "--disable-background-networking",
                                   "--disable-component-update",
                                   "--disable-sync",
                                   "--disable-dev-shm-usage",
                                   "--no-default-browser-check",
                                   nullptr};
  execv(kProgram, const_cast<char* const*>(args.data()));
  _exit(127);
}

}  // namespace

Browser::Browser(const std::string& folder) {
  if (access(kProgram, X_OK) != 0) {
    throw std::runtime_error(std::string(kProgram) +
                             " is missing: install the Debian package chromium, which "
                             ".bazel/packages.test lists (./bazelw does)");
  }
  signal(SIGPIPE, SIG_IGN);
  int down[2], up[2];
  if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for Chromium");
  }
  process_ = fork();
  if (process_ == 0) RunChromium(down[0], up[1], folder);
  close(down[0]);
  close(up[1]);
  to_ = down[1];
  from_ = up[0];
  const auto target = Call("Target.createTarget", {{"url", "about:blank"}});
  const auto attached =
      Call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}});
  session_ = attached["sessionId"];
  for (const char* domain : {"Page", "Runtime", "Network", "Log"}) {
    Call(std::string(domain) + ".enable");
  }
}

Browser::~Browser() {
  if (to_ >= 0) close(to_);  // it ends when nobody speaks to it any more
  if (from_ >= 0) close(from_);
  if (process_ <= 0) return;
  for (int i = 0; i < 100; ++i) {
    if (waitpid(process_, nullptr, WNOHANG) == process_) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void Browser::Send(const Json& message) {
  std::string text = message.dump();
  text += '\0';
  for (std::size_t at = 0; at < text.size();) {
    const auto sent = write(to_, text.data() + at, text.size() - at);
    if (sent <= 0) throw std::runtime_error("Chromium does not listen any more");
    at += static_cast<std::size_t>(sent);
  }
}

Browser::Json Browser::Receive() {
  while (true) {
    if (auto end = pending_.find('\0'); end != std::string::npos) {
      auto message = Json::parse(pending_.substr(0, end));
      pending_.erase(0, end + 1);
      return message;
    }
    pollfd wait{from_, POLLIN, 0};
    if (poll(&wait, 1, kAnswerMs) <= 0) throw std::runtime_error("Chromium does not answer");
    char buffer[65536];
    const auto got = read(from_, buffer, sizeof buffer);
    if (got <= 0) throw std::runtime_error("Chromium has ended; see chromium.log in its folder");
    pending_.append(buffer, static_cast<std::size_t>(got));
  }
}

void Browser::Hear(const Json& event) {
  const std::string method = event.value("method", "");
  if (method == "Page.loadEventFired") loaded_ = true;
  if (method == "Network.requestWillBeSent") {
    requests_[event["params"]["requestId"]] = event["params"]["request"]["url"];
  }
  if (method == "Network.loadingFailed" && event["params"].value("blockedReason", "") == "csp") {
    requests_.erase(event["params"]["requestId"].get<std::string>());
  }
  if (method == "Runtime.exceptionThrown" || method == "Log.entryAdded" ||
      method == "Runtime.consoleAPICalled") {
    complaints_.push_back(event["params"].dump());
  }
}

std::vector<std::string> Browser::requests() const {
  std::vector<std::string> urls;
  for (const auto& [id, url] : requests_) urls.push_back(url);
  return urls;
}

Browser::Json Browser::Call(const std::string& method, const Json& params) {
  Json message = {{"id", ++last_id_}, {"method", method}, {"params", params}};
  if (!session_.empty()) message["sessionId"] = session_;
  Send(message);
  while (true) {
    const auto answer = Receive();
    if (answer.value("id", 0) != last_id_) {
      Hear(answer);
      continue;
    }
    if (answer.contains("error")) {
      throw std::runtime_error(method + ": " + answer["error"].dump());
    }
    return answer["result"];
  }
}

void Browser::Open(const std::string& path) {
  Call("Page.navigate", {{"url", "about:blank"}});
  requests_.clear();
  complaints_.clear();
  loaded_ = false;
  Call("Page.navigate", {{"url", "file://" + path}});
  while (!loaded_) Hear(Receive());
}

Browser::Json Browser::Evaluate(const std::string& expression) {
  const auto result =
      Call("Runtime.evaluate",
           {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (result.contains("exceptionDetails")) {
    throw std::runtime_error(expression + ": " + result["exceptionDetails"].dump());
  }
  return result["result"].value("value", Json());
}

void Browser::WaitFor(const std::string& expression, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (Evaluate(expression) != true) {
    if (std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("this did not come true: " + expression);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void Browser::Press(const std::string& key) {
  Json event = {{"type", "keyDown"}, {"key", key}};
  if (key.size() == 1) event["text"] = key;
  if (key == "Tab") event["windowsVirtualKeyCode"] = 9;
  if (key == "Enter") event["windowsVirtualKeyCode"] = 13, event["text"] = "\r";
  if (key == "Escape") event["windowsVirtualKeyCode"] = 27;
  Call("Input.dispatchKeyEvent", event);
  event["type"] = "keyUp";
  event.erase("text");
  Call("Input.dispatchKeyEvent", event);
}

void Browser::Type(const std::string& text) { Call("Input.insertText", {{"text", text}}); }

void Browser::Resize(int width, int height) {
  Call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void Browser::Media(const std::string& type, bool dark) {
  Call("Emulation.setEmulatedMedia",
       {{"media", type},
        {"features", {{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}}}});
}

std::size_t Browser::PrintedPages() {
  const auto pdf = Decoded(Call("Page.printToPDF").at("data").get<std::string>());
  std::size_t pages = 0;
  for (auto at = pdf.find("/Type /Page\n"); at != std::string::npos;
       at = pdf.find("/Type /Page\n", at + 1)) {
    ++pages;
  }
  return pages;
}

void Browser::Screenshot(const std::string& path) {
  const auto image = Call("Page.captureScreenshot").at("data").get<std::string>();
  std::ofstream(path, std::ios::binary) << Decoded(image);
}

}  // namespace viasync::report::test
