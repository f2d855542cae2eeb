#include <csignal>

#include "cli/commands.h"

int main(int argc, char** argv) {
  // A reader that went away (`viasync plan | head`) is an output error, not a reason to die
  // mid-way.
  std::signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(viasync::cli::Main(argc, argv));
}
