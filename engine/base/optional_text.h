// A text or none, in the space of a pointer: for what is held a million times and mostly absent,
// where std::optional<std::string> takes 40 bytes either way. Used as that is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace viasync::base {

class OptionalText {
 public:
  OptionalText() = default;
  OptionalText(std::nullopt_t) {}
  OptionalText(std::string text) : text_(std::make_unique<std::string>(std::move(text))) {}
  OptionalText(const char* text) : OptionalText(std::string(text)) {}
  OptionalText(std::optional<std::string> text) {
    if (text) text_ = std::make_unique<std::string>(std::move(*text));
  }
  OptionalText(const OptionalText& other)
      : text_(other.text_ ? std::make_unique<std::string>(*other.text_) : nullptr) {}
  OptionalText(OptionalText&&) noexcept = default;
  OptionalText& operator=(OptionalText other) noexcept {
    text_ = std::move(other.text_);
    return *this;
  }

  bool has_value() const { return text_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  const std::string& operator*() const { return *text_; }
  std::string& operator*() { return *text_; }
  const std::string* operator->() const { return text_.get(); }
  std::string value_or(std::string_view otherwise) const {
    return text_ ? *text_ : std::string(otherwise);
  }
  void reset() { text_.reset(); }

  friend bool operator==(const OptionalText& a, const OptionalText& b) {
    return a.has_value() == b.has_value() && (!a || *a == *b);
  }

 private:
  std::unique_ptr<std::string> text_;
};

}  // namespace viasync::base
