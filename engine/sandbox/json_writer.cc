#include "engine/sandbox/json_writer.h"

#include <charconv>

#include "engine/base/times.h"

namespace viasync::sandbox {

void AppendJsonString(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[(c >> 4) & 0xf];
          out += kHex[c & 0xf];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendInteger(std::string& out, std::int64_t number) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

std::string& ObjectWriter::Raw(std::string_view name) {
  out_ += separator_;
  separator_ = ',';
  AppendJsonString(out_, name);
  out_ += ':';
  return out_;
}

void ObjectWriter::operator()(std::string_view name, std::string_view text) {
  AppendJsonString(Raw(name), text);
}

void ObjectWriter::operator()(std::string_view name, std::int64_t number) {
  AppendInteger(Raw(name), number);
}

void ObjectWriter::operator()(std::string_view name, bool value) {
  Raw(name) += value ? "true" : "false";
}

void ObjectWriter::operator()(std::string_view name, base::UtcTime time) {
  (*this)(name, base::FormatTime(time));
}

void ObjectWriter::operator()(std::string_view name, const std::optional<base::UtcTime>& time) {
  if (time) return (*this)(name, *time);
  (*this)(name, "0");
}

void ObjectWriter::operator()(std::string_view name, const std::vector<std::string>& texts) {
  AppendArray(Raw(name), texts,
              [](std::string& out, const std::string& text) { AppendJsonString(out, text); });
}

void ObjectWriter::operator()(std::string_view name,
                              const std::map<std::string, std::string>& texts) {
  ObjectWriter object(Raw(name));
  for (const auto& [key, text] : texts) object(key, text);
  object.Close();
}

void ObjectWriter::operator()(std::string_view name,
                              const std::vector<std::pair<std::string, std::string>>& names) {
  AppendArray(Raw(name), names, [](std::string& out, const auto& entry) {
    ObjectWriter object(out);
    object("locale", entry.first);
    object("value", entry.second);
    object.Close();
  });
}

void ObjectWriter::Close() { out_ += separator_ == '{' ? "{}" : "}"; }

}  // namespace viasync::sandbox
