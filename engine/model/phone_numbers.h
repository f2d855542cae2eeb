// Telephone numbers that are written in different ways: `2025550111` and `+12025550111` ring the
// same phone. Behind this header stands libphonenumber, whose own are slow to include.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::model {

// True for a region that numbers belong to, in capitals: `US`, `GB`.
bool IsPhoneRegion(const std::string& region);

// `+12025550111`; empty: the text is not a number that could be dialled from `region`.
std::string InternationalNumber(std::string_view text, const std::string& region);

// The forms in which somebody may have entered the number, `text` itself first; it alone where it
// is not a number. Without a region, only numbers that name their country have others.
std::vector<std::string> NumberForms(const std::string& text, const std::string& region);

// Finds texts that are different spellings of one number. Only those are parsed that end in the
// same digits, so that 100,000 numbers cost little.
class SameNumbers {
 public:
  explicit SameNumbers(std::string region) : region_(std::move(region)) {}

  // `mark` stands for the text in the result; the text must stay where it is.
  void Add(std::string_view text, std::size_t mark);
  // The marks of each number that is spelled in at least two ways, in the order of Add.
  std::vector<std::vector<std::size_t>> Find();

 private:
  struct Number {
    std::uint32_t tail;
    std::size_t mark;
    std::string_view text;
  };
  std::string region_;
  std::vector<Number> numbers_;
};

}  // namespace viasync::model
