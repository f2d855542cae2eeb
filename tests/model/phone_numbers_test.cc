#include "engine/model/phone_numbers.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace viasync::model {
namespace {

bool Holds(const std::vector<std::string>& forms, const std::string& form) {
  return std::ranges::find(forms, form) != forms.end();
}

TEST_CASE("every form in which somebody may have entered a number leads to every other one") {
  const std::vector<std::string> us = {"2025550111",     "12025550111",    "+12025550111",
                                       "0012025550111",  "01112025550111", "(202) 555-0111",
                                       "+1 202-555-0111"};
  for (const auto& given : {us[0], us[1], us[2], us[5], us[6]}) {
    CAPTURE(given);
    const auto forms = NumberForms(given, "US");
    CHECK(forms[0] == given);
    for (const auto& form : us) CHECK_MESSAGE(Holds(forms, form), form);
  }
  const auto abroad = NumberForms("01144207 9460000", "US");
  for (const char* form : {"+442079460000", "442079460000", "00442079460000", "011442079460000"}) {
    CHECK_MESSAGE(Holds(abroad, form), form);
  }
  CHECK_FALSE(Holds(abroad, "2079460000"));  // nobody in the US dials that for London
  const auto home = NumberForms("02079460000", "GB");
  for (const char* form : {"+442079460000", "2079460000", "00442079460000", "020 7946 0000"}) {
    CHECK_MESSAGE(Holds(home, form), form);
  }
}

TEST_CASE("letters of a number are read as on a telephone") {
  CHECK(Holds(NumberForms("1-800-FLOWERS", "US"), "+18003569377"));
  CHECK(Holds(NumberForms("1-800-FLOWERS", "US"), "1-800-FLOWERS"));
}

TEST_CASE("without a region a number that names its country has other forms, too") {
  CHECK(Holds(NumberForms("+12025550111", ""), "12025550111"));
  CHECK(Holds(NumberForms("12025550111", ""), "+12025550111"));
  CHECK(NumberForms("hello", "") == std::vector<std::string>{"hello"});
  CHECK(NumberForms("0911", "") == std::vector<std::string>{"0911"});
}

TEST_CASE("different spellings of one number are found, the same spelling is not") {
  SameNumbers numbers("US");
  const std::vector<std::string> texts = {"2025550111", "2025550199",   "+12025550111",
                                          "2025550111", "(202)5550111", "+12025550122"};
  for (std::size_t i = 0; i < texts.size(); ++i) numbers.Add(texts[i], i);
  CHECK(numbers.Find() == std::vector<std::vector<std::size_t>>{{0, 2, 3, 4}});
  SameNumbers letters("US");
  const std::vector<std::string> spelled = {"1-800-FLOWERS", "18003569377", "8003569378"};
  for (std::size_t i = 0; i < spelled.size(); ++i) letters.Add(spelled[i], i);
  CHECK(letters.Find() == std::vector<std::vector<std::size_t>>{{0, 1}});
}

}  // namespace
}  // namespace viasync::model
