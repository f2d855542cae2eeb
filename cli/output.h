// The way out: what goes to standard output and standard error passes here, so that no secret of
// the run leaves and no write that failed goes unseen.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

#include "cli/exit_code.h"
#include "engine/base/ci_commands.h"

namespace viasync::cli {

// Writes to a descriptor, without the secrets of the run (base/redact.h). Holds back the end of
// what has come until it is flushed: a secret may go on in what comes next.
class OutputBuffer final : public std::streambuf {
 public:
  explicit OutputBuffer(int descriptor) : descriptor_(descriptor) {}
  // Of the first write that failed; 0 = none has.
  int error() const { return error_; }

 protected:
  int overflow(int c) override;
  std::streamsize xsputn(const char* bytes, std::streamsize size) override;
  int sync() override;

 private:
  bool Drain(bool all);

  int descriptor_;
  int error_ = 0;
  std::string pending_;
  base::CommandFilter commands_;
};

// While it lives, std::cout and std::cerr go through an OutputBuffer each.
class Outputs {
 public:
  Outputs();
  ~Outputs();
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  // Writes out what is left. A result that could not be written is an error, even where all else
  // went well; says so on stderr.
  ExitCode Finish(ExitCode code);

 private:
  OutputBuffer out_, err_;
  std::streambuf* cout_was_;
  std::streambuf* cerr_was_;
};

}  // namespace viasync::cli
