"""Arithmetic and comparison."""


def four_operations() -> list[int]:
    a = _two()[0]
    b = _two()[1]
    return [a + b, a - b, a * b, -a]


def _two() -> list[int]:
    return [7, 2]


def precedence() -> list[int]:
    return [2 + 3 * 4, (2 + 3) * 4, 10 - (4 - 3), -(2 + 3)]


def division() -> float:
    return 7 / 2


def division_rounds_down() -> list[int]:
    return [7 // 2, -7 // 2, 7 // -2, -7 // -2]


def remainder_has_the_divisors_sign() -> list[int]:
    return [7 % 3, -7 % 3, 7 % -3, 6 % 3]


def division_by_zero_raises() -> float:
    nothing = 0
    return 1 / nothing


def whole_division_by_zero_raises() -> int:
    nothing = 0
    return 1 // nothing


def a_remainder_by_zero_raises() -> int:
    nothing = 0
    return 1 % nothing


def infinity_is_no_whole_number() -> int:
    most = 1e308
    return int(most * 10.0)


def six_digits_of_numbers_at_the_edge() -> list[str]:
    most = 1e308
    endless = most * 10.0
    nothing = 0.0
    return [f"{-nothing:g}", f"{endless:g}", f"{-endless:g}", f"{endless - endless:g}", f"{1e16:g}", f"{0.0001:g}"]


def smallest_and_largest() -> list[int]:
    return [min(3, 1, 2), max(3, 1, 2), abs(-4), int(3.9), int(-3.9)]


def comparisons() -> list[bool]:
    n = 5
    return [n < 5, n <= 5, n > 5, n >= 5, n == 5, n != 5]


def a_number_between_two() -> list[bool]:
    return [1 <= n <= 10 for n in [0, 1, 10, 11]]


def ranges() -> list[int]:
    return [*range(3), *range(2, 4), *range(0), *range(4, 2)]


def counting() -> int:
    total = 0
    for n in range(5):
        total += n
        total -= 1
    return total


def no_whole_number_is_minus_zero() -> list[str]:
    n = 0
    return [f"{-n:g}", f"{n * -1:g}", f"{n // -5:g}", f"{n % -5:g}", f"{int(-0.5):g}", f"{abs(-n):g}"]


def division_of_large_numbers() -> list[int]:
    a = 9007199254740991
    return [a // 2, a % 10, a // 3, -a // 7, -a % 7, -a % a, -a // (a - 1), a % -(a - 1)]
