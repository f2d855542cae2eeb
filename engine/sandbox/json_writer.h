// JSON written straight into a string: pages of 500 items are built thousands of times a second,
// which a document tree would not survive. Not a parser; reading is nlohmann's business.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::sandbox {

// Appends `text` as a JSON string. Broken UTF-8 is passed on as it is.
void AppendJsonString(std::string& out, std::string_view text);
void AppendInteger(std::string& out, std::int64_t number);

// Writes one object; Close() ends it. Used as a visitor (records.h).
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) {}

  void operator()(std::string_view name, std::string_view text);
  void operator()(std::string_view name, const char* text) {
    (*this)(name, std::string_view(text));
  }
  void operator()(std::string_view name, const std::string& text) {
    (*this)(name, std::string_view(text));
  }
  void operator()(std::string_view name, std::int64_t number);
  void operator()(std::string_view name, int number) { (*this)(name, std::int64_t{number}); }
  void operator()(std::string_view name, bool value);
  void operator()(std::string_view name, base::UtcTime time);
  void operator()(std::string_view name, const std::optional<base::UtcTime>& time);  // none = "0"
  void operator()(std::string_view name, const std::vector<std::string>& texts);
  void operator()(std::string_view name, const std::map<std::string, std::string>& texts);
  // Names by locale: `[{"locale": …, "value": …}]`.
  void operator()(std::string_view name,
                  const std::vector<std::pair<std::string, std::string>>& names);
  // Writes the name alone; the caller appends the value.
  std::string& Raw(std::string_view name);
  void Close();

 private:
  std::string& out_;
  char separator_ = '{';
};

// Appends `[a,b,…]`, each element written by write(out, element).
template <class Range, class Write>
void AppendArray(std::string& out, const Range& range, Write write) {
  char separator = '[';
  for (const auto& element : range) {
    out += separator;
    separator = ',';
    write(out, element);
  }
  if (separator == '[') out += '[';
  out += ']';
}

}  // namespace viasync::sandbox
