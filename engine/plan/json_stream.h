// A JSON object written member by member, byte for byte as base::DumpJson prints the whole with an
// indent of 2, so that no document of it is ever built. At the same time its plain form (on one
// line, nothing escaped for people) is hashed, and kept where it is to be signed.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace viasync::plan {

class JsonStream {
 public:
  using Sink = std::function<void(std::string_view)>;

  JsonStream(Sink sink, bool keep_plain);
  ~JsonStream();
  JsonStream(const JsonStream&) = delete;
  JsonStream& operator=(const JsonStream&) = delete;

  void Member(std::string_view name, const nlohmann::ordered_json& value);
  // An array, element by element, until EndArray.
  void BeginArray(std::string_view name);
  void Element(const nlohmann::ordered_json& value);
  void EndArray();

  // Of the object as it would be if it ended here. Sha256 in lower-case hex.
  std::string Sha256() const;
  std::string Plain() const;  // requires: keep_plain

  void End();  // with a newline behind it

 private:
  struct Digest;
  void Name(std::string_view name);
  void Feed(std::string_view plain);
  void Value(const nlohmann::ordered_json& value, std::size_t indent);

  Sink sink_;
  bool keep_plain_;
  std::string plain_;
  std::unique_ptr<Digest> digest_;
  std::size_t members_ = 0, elements_ = 0;
};

}  // namespace viasync::plan
