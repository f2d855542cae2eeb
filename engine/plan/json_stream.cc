#include "engine/plan/json_stream.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/json.h"

namespace viasync::plan {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string Hex(EVP_MD_CTX* context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context, digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

}  // namespace

struct JsonStream::Digest {
  Context context{EVP_MD_CTX_new()};
};

JsonStream::JsonStream(Sink sink, bool keep_plain)
    : sink_(std::move(sink)), keep_plain_(keep_plain), digest_(std::make_unique<Digest>()) {
  EVP_DigestInit_ex(digest_->context.get(), EVP_sha256(), nullptr);
}

JsonStream::~JsonStream() = default;

void JsonStream::Feed(std::string_view plain) {
  EVP_DigestUpdate(digest_->context.get(), plain.data(), plain.size());
  if (keep_plain_) plain_ += plain;
}

void JsonStream::Name(std::string_view name) {
  const std::string quoted = Dump(Json(name), -1);
  const bool first = members_++ == 0;
  Feed((first ? "{" : ",") + quoted + ":");
  sink_((first ? "{\n  " : ",\n  ") + base::EscapeJson(quoted) + ": ");
}

// Every line break of a dump is its own: those of texts are escaped.
void JsonStream::Value(const Json& value, std::size_t indent) {
  Feed(Dump(value, -1));
  const std::string pretty = base::EscapeJson(Dump(value, 2));
  std::string laid_out;
  laid_out.reserve(pretty.size() + pretty.size() / 4);
  for (char c : pretty) {
    laid_out += c;
    if (c == '\n') laid_out.append(indent, ' ');
  }
  sink_(laid_out);
}

void JsonStream::Member(std::string_view name, const Json& value) {
  Name(name);
  Value(value, 2);
}

void JsonStream::BeginArray(std::string_view name) {
  Name(name);
  elements_ = 0;
  Feed("[");
  sink_("[");
}

void JsonStream::Element(const Json& value) {
  const bool first = elements_++ == 0;
  if (!first) Feed(",");
  sink_(first ? "\n    " : ",\n    ");
  Value(value, 4);
}

void JsonStream::EndArray() {
  Feed("]");
  sink_(elements_ > 0 ? "\n  ]" : "]");
}

std::string JsonStream::Sha256() const {
  Context copy(EVP_MD_CTX_new());
  EVP_MD_CTX_copy_ex(copy.get(), digest_->context.get());
  const std::string_view end = members_ == 0 ? "{}" : "}";
  EVP_DigestUpdate(copy.get(), end.data(), end.size());
  return Hex(copy.get());
}

std::string JsonStream::Plain() const { return members_ == 0 ? "{}" : plain_ + "}"; }

void JsonStream::End() { sink_(members_ == 0 ? "{}\n" : "\n}\n"); }

}  // namespace viasync::plan
