// Chromium without a window, driven over its debugging pipe (the DevTools protocol, JSON between
// zero bytes on descriptors 3 and 4). It needs the Debian package `chromium`, and nothing else: no
// port, no network, no other program.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace viasync::report::test {

class Browser {
 public:
  using Json = nlohmann::json;

  // Throws std::runtime_error with what is missing where Chromium cannot be started. `folder` is
  // for its profile.
  explicit Browser(const std::string& folder);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Opens the file, and waits until it has loaded. What was heard before is forgotten.
  void Open(const std::string& path);
  // The value of an expression, after a promise where it is one. Throws what the page throws.
  Json Evaluate(const std::string& expression);
  // Evaluates until it is true. Throws after `patience`, with the expression.
  void WaitFor(const std::string& expression,
               std::chrono::seconds patience = std::chrono::seconds(30));
  // One key, pressed and let go: a letter or a name as KeyboardEvent.key has it.
  void Press(const std::string& key);
  void Type(const std::string& text);

  void Resize(int width, int height);
  void Media(const std::string& type, bool dark);  // type: `screen`, `print`
  // How many sheets of paper it fills.
  std::size_t PrintedPages();
  void Screenshot(const std::string& path);

  Json Call(const std::string& method, const Json& params = Json::object());

  // URLs that the page asked for since Open, itself among them; without what its own policy forbade
  // before it was sent.
  std::vector<std::string> requests() const;
  // What the browser complained of: exceptions, messages, forbidden things.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  void Send(const Json& message);
  Json Receive();  // the next message, whatever it is
  void Hear(const Json& event);

  int to_ = -1, from_ = -1, process_ = -1;
  int last_id_ = 0;
  bool loaded_ = false;
  std::string session_, pending_;
  std::map<std::string, std::string> requests_;  // by their ids
  std::vector<std::string> complaints_;
};

}  // namespace viasync::report::test
