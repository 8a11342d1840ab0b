#!/bin/bash
# In peewee, `Model.number * 1.5` multiplies by 1, `Model.number == 9.9` finds 9, and LENGTH is a text.
#
# Packages: peewee 4.5.3, Python 3.11 with its SQLite.
# Expected: an operand goes to SQLite as it is, and SQLite calculates: 10 * 1.5 is 15.0, 9 == 9.9 is false. The result of
#   LENGTH(text) is a number.
# Instead: what stands to the right of a field is converted by the field, by `int()` for an IntegerField, as is what the
#   field is compared with, on either side. An UPDATE with `* 1.5` changes nothing, and nothing is said. Results that
#   SQLite returns are converted as well: by the field that an expression holds (13.5 becomes 13), or that is the first
#   argument of a function (LENGTH of a TextField is '10', and sorts before '9'). SUM, COUNT and AVG are exempt.
# What it means: calculate with `field.cast("real")`, compare integer fields with integers only, and add `.coerce(False)`
#   to a function that returns another type than its argument has.
#
# Seen: the rows are 10 and 9
#   parameter in number * 1.5: [1]
#   number * 1.5: [10, 9]
#   1.5 * number: [15, 13]
#   number.cast("real") * 1.5: [15.0, 13.5]
#   after UPDATE number = number * 1.5: [10, 9]
#   rows with number == 9.9: [9]
#   LENGTH of 10 and of 9 letters, sorted: ['10', '9']
#   the same with coerce(False): [9, 10]

. "$(dirname "$0")/common.inc"

python_install peewee==4.5.3

python - << 'END'
from expect import expect
from peewee import IntegerField, Model, SqliteDatabase, TextField, fn

db = SqliteDatabase(":memory:")


class Row(Model):
    number = IntegerField()
    text = TextField()

    class Meta:
        database = db


def values(expression: object) -> list[object]:
    return [value for (value,) in Row.select(expression).order_by(Row.id).tuples()]


db.create_tables([Row])
for number in (10, 9):
    Row.create(number=number, text="x" * number)

expect("parameter in number * 1.5", Row.select(Row.number * 1.5).sql()[1], [1])
expect("number * 1.5", values(Row.number * 1.5), [10, 9])
expect("1.5 * number", values(1.5 * Row.number), [15, 13])
expect('number.cast("real") * 1.5', values(Row.number.cast("real") * 1.5), [15.0, 13.5])
Row.update(number=Row.number * 1.5).execute()
expect("after UPDATE number = number * 1.5", values(Row.number), [10, 9])
expect("rows with number == 9.9", [row.number for row in Row.select().where(Row.number == 9.9)], [9])
expect("LENGTH of 10 and of 9 letters, sorted", sorted(values(fn.LENGTH(Row.text))), ["10", "9"])
expect("the same with coerce(False)", sorted(values(fn.LENGTH(Row.text).coerce(False))), [9, 10])
END
