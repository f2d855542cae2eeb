// The reader behind ReadCriteria: recursive descent over a condition (criteria_grammar.cc) and the
// values in it (criteria_values.cc). Every function answers false once a problem was found, which
// ends the reading.
#pragma once

#include "engine/model/criteria_cursor.h"

namespace viasync::model {

inline constexpr std::string_view kInfix =
    " LIKE ILIKE RLIKE REGEXP GLOB MATCH MATCHES CONTAINS STARTSWITH ENDSWITH BEGINSWITH OVERLAPS ";

class CriteriaReader : private CriteriaCursor {
 public:
  using CriteriaCursor::CriteriaCursor;
  CriteriaReading Read() &&;

 private:
  // What was read as one operand, as far as it matters around it.
  struct Operand {
    bool literal = false;       // a text or a number, alone
    bool called_apart = false;  // NAME ('a', 'b'): a blank in front, and literals only
    std::size_t first = 0;      // its first token
    bool negated = false;       // a NOT stands in front
  };
  static constexpr int kDepthMax = 100;

  bool Beginning();
  bool Foreign();
  // The whole criterion is one thing that is no condition: a text, NULL, a word of another program.
  bool Alone(const Operand& only);
  bool Rest();
  bool OrderBy();
  // LIMIT, OFFSET, FETCH, FOR, OPTION behind the condition, up to the end.
  bool QueryTail();

  bool TakeConnective();
  // `top`: the whole criterion. `only`: what it consists of, where it is one operand.
  bool Condition(bool top = false, Operand* only = nullptr);
  // `alone`: what it consists of, where it is one operand and nothing else.
  bool Predicate(Operand* alone);
  // One comparison, IN, LIKE, BETWEEN or IS behind an operand, if there is one.
  bool Tail(bool& compared, bool& found);
  bool ComparesTruth() const;  // `a IN (1) = TRUE`
  std::size_t InfixAt(std::size_t ahead) const;
  bool Is();
  bool In();
  bool Between();
  bool Like(std::size_t words);

  bool Arithmetic(Operand& operand);
  // COLLATE x, AT TIME ZONE x, ::type, .method(…), [1], :path. What is wrong in one shows behind it.
  bool Postfix(bool literal);
  void TypeName();
  bool LooksLikeDate() const;  // 2026-01-31 without quotes
  struct Level {
    explicit Level(int& depth) : depth(depth) { ++depth; }
    ~Level() { --depth; }
    int& depth;
  };
  bool TooDeep();
  bool One(Operand& operand);
  bool Parentheses(Operand& operand);
  // Conditions or values up to the parenthesis that closes, which is taken, too. `only`: as above,
  // where there is one.
  bool List(Operand* only = nullptr);
  bool Case();
  bool OdbcEscape();
  bool Name(Operand& operand);
  bool OnlyLiterals() const;
  bool Call();
  bool BehindCall();  // OVER (…) and its like
  bool Exists();
  static bool IsQuery(const Token* token);
  // A subquery and its like is not looked into; that parentheses balance was checked before.
  bool SkipParentheses();
  bool SkipQuery();
  bool SkipToEnd();

  int depth_ = 0;
};

}  // namespace viasync::model
