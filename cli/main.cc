#include "cli/commands.h"
#include "cli/process.h"

int main(int argc, char** argv) {
  viasync::cli::HardenProcess();
  return static_cast<int>(viasync::cli::Main(argc, argv));
}
