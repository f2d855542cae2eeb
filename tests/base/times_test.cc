#include "engine/base/times.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

namespace viasync::base {
namespace {

struct Reading {
  const char* text;
  const char* moment;  // nullptr: no moment
};

void Check(const Reading& reading) {
  CAPTURE(reading.text);
  auto time = ParseTime(reading.text);
  CHECK(time.has_value() == (reading.moment != nullptr));
  if (time && reading.moment) CHECK(FormatTime(*time) == reading.moment);
}

TEST_CASE("fractions: any number of digits, cut after the millisecond") {
  for (const Reading& reading : {
           Reading{"2017-11-03T23:20:50Z", "2017-11-03T23:20:50.000Z"},
           {"2017-11-03T23:20:50.5Z", "2017-11-03T23:20:50.500Z"},
           {"2017-11-03T23:20:50.05Z", "2017-11-03T23:20:50.050Z"},
           {"2017-11-03T23:20:50.525Z", "2017-11-03T23:20:50.525Z"},
           {"2017-11-03T23:20:50.5259999999999Z", "2017-11-03T23:20:50.525Z"},
           {"2017-11-03T23:20:50.000Z", "2017-11-03T23:20:50.000Z"},
           {"2017-11-03T23:20:50.Z", nullptr},
           {"2017-11-03T23:20:50,5Z", nullptr},
           {"2017-11-03T23:20.5Z", nullptr},
       }) {
    Check(reading);
  }
}

TEST_CASE("zones: the same moment in UTC, and none without a zone") {
  for (const Reading& reading : {
           Reading{"2017-11-03T23:20Z", "2017-11-03T23:20:00.000Z"},
           {"2017-11-03 23:20:50z", "2017-11-03T23:20:50.000Z"},
           {"2017-11-03t23:20:50+01:00", "2017-11-03T22:20:50.000Z"},
           {"2017-11-03T23:20:50-0530", "2017-11-04T04:50:50.000Z"},
           {"2017-12-31T23:30:00-01:00", "2018-01-01T00:30:00.000Z"},
           {"2017-01-01T00:00:00+14:00", "2016-12-31T10:00:00.000Z"},
           {"2017-11-03T23:20:50+00:00", "2017-11-03T23:20:50.000Z"},
           {"2017-11-03T23:20:50-00:00", "2017-11-03T23:20:50.000Z"},
           {"2017-11-03T23:20:50", nullptr},
           {"2017-11-03T23:20:50+15:00", nullptr},
           {"2017-11-03T23:20:50+01:60", nullptr},
           {"2017-11-03T23:20:50+1:00", nullptr},
           {"2017-11-03T23:20:50+01", nullptr},
           {"2017-11-03T23:20:50 Z", nullptr},
           {"2017-11-03T23:20:50ZZ", nullptr},
           {"2017-11-03T23:20:50EST", nullptr},
       }) {
    Check(reading);
  }
}

TEST_CASE("the calendar: what does not exist is not a valid time") {
  for (const Reading& reading : {
           Reading{"2016-02-29T00:00:00Z", "2016-02-29T00:00:00.000Z"},
           {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"},
           {"1900-02-29T00:00:00Z", nullptr},
           {"2017-02-29T00:00:00Z", nullptr},
           {"2017-02-30T00:00:00Z", nullptr},
           {"2017-04-31T00:00:00Z", nullptr},
           {"2017-00-10T00:00:00Z", nullptr},
           {"2017-13-10T00:00:00Z", nullptr},
           {"2017-01-00T00:00:00Z", nullptr},
           {"2017-01-32T00:00:00Z", nullptr},
           {"2017-01-01T24:00:00Z", nullptr},
           {"2017-01-01T23:60:00Z", nullptr},
           {"2016-12-31T23:59:60Z", nullptr},  // a leap second: the API counts none
       }) {
    Check(reading);
  }
}

TEST_CASE("years: four digits, before 1970 too, and never out of what can be written back") {
  for (const Reading& reading : {
           Reading{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
           {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"},
           {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
           {"9999-12-31T23:59:59-01:00", nullptr},  // year 10000 in UTC
           {"0000-01-01T00:00:00+01:00", nullptr},  // year -1 in UTC
           {"10000-01-01T00:00:00Z", nullptr},
           {"-2017-01-01T00:00:00Z", nullptr},
           {"17-01-01T00:00:00Z", nullptr},
       }) {
    Check(reading);
  }
}

TEST_CASE("rubbish is not a valid time") {
  for (const char* text :
       {"", "0", "now", "2017", "2017-11-03", "2017-11-03T", "2017/11/03T23:20:50Z",
        "2017-11-3T23:20:50Z", "2017-1a-03T23:20:50Z", "2017-11-03T23:20:5Z", " 2017-11-03T23:20Z",
        "2017-11-03T23:20:50Z\n", "2017-11-03T+3:20:50Z", "\xff\xff\xff\xff-11-03T23:20:50Z"}) {
    Check({text, nullptr});
  }
}

TEST_CASE("every prefix of a moment is none, except the moment itself") {
  std::string whole = "2017-11-03T23:20:50.525+01:00";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    CHECK_FALSE(ParseTime(std::string_view(whole).substr(0, n)).has_value());
  }
  CHECK(ParseTime(whole).has_value());
}

TEST_CASE("any moment reads back as it was written, in both forms") {
  CHECK(rc::check([] {
    // Years 0 to 9999 in milliseconds.
    auto millis = *rc::gen::inRange<std::int64_t>(-62167219200000, 253402300800000);
    UtcTime time{Millis{millis}};
    RC_ASSERT(ParseTime(FormatTime(time)) == time);
    RC_ASSERT(ParseTime(FormatTimeShort(time)) == time);
  }));
}

TEST_CASE("the short form leaves out only zero milliseconds") {
  CHECK(FormatTimeShort(*ParseTime("2017-11-03T23:20:50.000Z")) == "2017-11-03T23:20:50Z");
  CHECK(FormatTimeShort(*ParseTime("2017-11-03T23:20:50.500Z")) == "2017-11-03T23:20:50.500Z");
}

TEST_CASE("durations read well at every size") {
  struct Row {
    std::int64_t ms;
    const char* text;
  };
  for (auto [ms, text] : {Row{0, "0.0 s"},
                          {4'200, "4.2 s"},
                          {10'000, "10 s"},
                          {59'999, "59 s"},
                          {60'000, "1 min 0 s"},
                          {185'000, "3 min 5 s"},
                          {3'600'000, "1 h 0 min"},
                          {7'800'000, "2 h 10 min"},
                          {172'799'000, "47 h 59 min"},
                          {518'400'000, "6 days"}}) {
    CHECK(FormatDuration(Millis{ms}) == text);
  }
}

}  // namespace
}  // namespace viasync::base
