import { expect, test } from "vitest";

import { asOn, coming, emptyCalendar, groups, inYear, nextPeriod, timeOf, withDay, withHolidays, withWeekday, type Calendar } from "@/hours/calendar";

const OFFICE: Calendar = emptyCalendar("office", "Office", "Europe/Berlin");

test("a time may be typed as people type it; what is none stays as it is", () => {
  expect(["9", "930", "9.30", "9:30", "0900", "24", " 18:00 ", "25", "9:77", "soon", ""].map(timeOf)).toEqual(["09:00", "09:30", "09:30", "09:30", "09:00", "24:00", "18:00", "25", "9:77", "soon", ""]);
});

test("one more period begins where the last has ended", () => {
  expect([[], ["09:00-13:00"], ["09:00-18:00"], ["18:00-22:30"], ["22:00-24:00"], ["soon"]].map(nextPeriod)).toEqual(["09:00-18:00", "14:00-18:00", "18:00-20:00", "22:30-23:59", "00:00-00:00", "00:00-00:00"]);
});

test("a day of every year is of this year, and 29 February of the next one that has it", () => {
  expect([inYear("05-09", 2026), inYear("02-28", 2026), inYear("02-29", 2028), inYear("02-29", 2026), inYear("02-29", 2097)]).toEqual(["2026-05-09", "2026-02-28", "2028-02-29", "2028-02-29", "2104-02-29"]);
});

test("a weekday without periods is left out, and the week keeps its order", () => {
  const closed = withWeekday(OFFICE, "wed", []);
  expect(Object.keys(closed.weekly)).toEqual(["mon", "tue", "thu", "fri"]);
  expect(Object.keys(withWeekday(closed, "wed", ["10:00-11:00"]).weekly)).toEqual(["mon", "tue", "wed", "thu", "fri"]);
  expect(asOn(withWeekday(OFFICE, "sat", ["10:00-14:00"]), "sat", ["sun"]).weekly.sun).toEqual(["10:00-14:00"]);
});

test("days with the same hours are told together", () => {
  const week = withWeekday(withWeekday(OFFICE, "wed", []), "sat", ["10:00-14:00"]);
  expect(groups(week.weekly).map(({ from, to, periods }) => [from, to, periods.join()])).toEqual([
    ["mon", "tue", "09:00-18:00"],
    ["thu", "fri", "09:00-18:00"],
    ["sat", "sat", "10:00-14:00"],
  ]);
});

test("a day that is changed keeps its place by date, and no date stands twice", () => {
  const first = { date: "2027-01-07", name: "A", hours: [] };
  const yearly = { date: "05-09", name: "B", hours: [] };
  expect(withDay([first], null, yearly)).toEqual([yearly, first]);
  expect(withDay([yearly, first], first, { ...first, date: "05-09" })).toEqual([{ ...first, date: "05-09" }]);
});

test("what a file would bring is told against what is there; what is taken keeps the hours", () => {
  const there = [
    { date: "05-09", name: "Victory", hours: ["10:00-12:00"] },
    { date: "2027-01-07", name: "Old name", hours: [] },
  ];
  const file = [
    { date: "05-09", name: "Victory" },
    { date: "2020-01-01", name: "Gone" },
    { date: "2027-01-07", name: "Christmas" },
    { date: "2027-05-09", name: "Victory Day" },
    { date: "2027-06-12", name: "Russia Day" },
  ];
  const found = coming(there, file, "2026-11-29");
  expect(found.map(({ arrival, called }) => [arrival, called])).toEqual([
    ["known", "Victory"],
    ["past", null],
    ["renamed", "Old name"],
    ["known", "Victory"],
    ["new", null],
  ]);
  expect(withHolidays(there, [{ date: "2027-06-12", name: "Russia Day" }, { date: "2027-01-07", name: "Christmas" }])).toEqual([
    { date: "05-09", name: "Victory", hours: ["10:00-12:00"] },
    { date: "2027-01-07", name: "Christmas", hours: [] },
    { date: "2027-06-12", name: "Russia Day", hours: [] },
  ]);
});
