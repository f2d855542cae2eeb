#include "cli/safe_output.h"

#include <iostream>
#include <streambuf>
#include <string>
#include <string_view>

#include "engine/base/ci_commands.h"

namespace viasync::cli {

// A stream buffer in front of another one.
class SafeOutput::Filter final : public std::streambuf {
 public:
  explicit Filter(std::ostream& stream) : stream_(stream), target_(stream.rdbuf(this)) {}
  ~Filter() override {
    sync();
    stream_.rdbuf(target_);
  }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    char one = traits_type::to_char_type(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }

  std::streamsize xsputn(const char* text, std::streamsize size) override {
    return Write({text, static_cast<std::size_t>(size)}, false) ? size : 0;
  }

  int sync() override { return Write({}, true) && target_->pubsync() == 0 ? 0 : -1; }

 private:
  bool Write(std::string_view text, bool all) {
    std::string safe = filter_.Pass(text, all);
    auto length = static_cast<std::streamsize>(safe.size());
    return target_->sputn(safe.data(), length) == length;
  }

  std::ostream& stream_;
  std::streambuf* target_;
  base::CommandFilter filter_;
};

SafeOutput::SafeOutput()
    : out_(std::make_unique<Filter>(std::cout)), err_(std::make_unique<Filter>(std::cerr)) {}

SafeOutput::~SafeOutput() = default;

}  // namespace viasync::cli
