"""What keys and texts do to one another, without any switch."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from otklik.channels.voice.dialogue import KEYS_KEPT, Dialogue
from otklik.contact.configuration import Speech
from otklik.contact.decisions import Announce, Ask, PlayMusic, Say, TakeMessage
from otklik.contact.facts import KeyPressed, VerbFinished
from otklik.contact.hearing import Hearing, Recognised
from otklik.contact.ids import ContactId

CONTACT = ContactId("c")
TEXT = (Speech(text="Нажмите один", language="ru"),)


class Line:
    """A line that writes down what is asked of it."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.facts: list[tuple[int, str, str]] = []
        self.keys = ""
        self.token = 0
        self.recogniser = True
        self.tune = True
        self.heard: list[tuple[float, str]] = []
        self.dialogue = Dialogue(self, self._post)

    def _post(self, fact: VerbFinished | KeyPressed) -> None:
        if isinstance(fact, KeyPressed):
            assert fact.contact == CONTACT
            self.keys += fact.key
        else:
            self.facts.append((fact.step, fact.outcome, fact.digits))
            self.heard.append((fact.confidence, fact.said))

    def speak(self, speech: tuple[Speech, ...], token: int) -> None:
        self.token = token
        self.log.append("speak")

    def hush(self) -> None:
        self.log.append("hush")

    def beep(self, token: int) -> None:
        self.token = token
        self.log.append("beep")

    def listen(self, message: TakeMessage, token: int) -> None:
        self.token = token
        self.log.append("listen")

    def stop_listening(self, *, keep: bool) -> None:
        self.log.append("enough" if keep else "never mind")

    def hears_words(self) -> bool:
        return self.recogniser

    def hear(self, hearing: Hearing, token: int) -> None:
        self.log.append("hear")

    def stop_hearing(self) -> None:
        self.log.append("hear no more")

    def in_tune(self) -> bool:
        return self.tune

    def music(self, on: bool) -> None:
        self.log.append("music" if on else "no music")

    def finish_speaking(self) -> None:
        self.dialogue.spoken(self.token)

    def press(self, keys: str) -> None:
        for key in keys:
            self.dialogue.press(key)


@pytest.fixture
def line() -> Line:
    return Line()


def ask(step: int = 1, *, max_digits: int = 1, timeout_seconds: float = 5.0) -> Ask:
    return Ask(contact=CONTACT, step=step, speech=TEXT, max_digits=max_digits, timeout_seconds=timeout_seconds)


async def finished(line: Line) -> None:
    async with asyncio.timeout(30):
        while not line.facts:
            await asyncio.sleep(0.005)


async def test_a_key_between_two_prompts_counts_for_the_next_question(line: Line) -> None:
    line.dialogue.perform(Say(contact=CONTACT, step=1, speech=TEXT))
    line.finish_speaking()
    line.press("3")
    line.dialogue.perform(ask(2))
    assert line.facts == [(1, "done", ""), (2, "digits", "3")]
    assert line.log == ["speak"]


async def test_keys_pressed_ahead_are_shared_out_over_the_following_questions(line: Line) -> None:
    line.press("12")
    line.dialogue.perform(ask(1))
    line.dialogue.perform(ask(2))
    line.dialogue.perform(ask(3))
    assert line.facts == [(1, "digits", "1"), (2, "digits", "2")]
    assert line.log == ["speak"]


@pytest.mark.parametrize(
    "said_meanwhile", ["nothing", "a text", "a text that may not be interrupted", "a question that may not"]
)
async def test_of_many_keys_at_once_no_more_are_kept_than_one_question_can_take(
    line: Line, said_meanwhile: str
) -> None:
    if said_meanwhile != "nothing":
        short = Say(contact=CONTACT, step=1, speech=TEXT, interruptible=said_meanwhile == "a text")
        line.dialogue.perform(replace(ask(1), interruptible=False) if "question" in said_meanwhile else short)
    line.press("7" * 1000)
    assert len(line.dialogue._typed) == KEYS_KEPT
    if "may not" in said_meanwhile:
        line.finish_speaking()
    for step in range(2, 2 + KEYS_KEPT):
        line.dialogue.perform(ask(step))
    digits = [each for each in line.facts if each[1] == "digits"]
    assert len(digits) == KEYS_KEPT
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    assert line.dialogue._typed == ""


async def test_too_few_keys_pressed_ahead_start_the_timeout_without_speech(line: Line) -> None:
    line.press("1")
    line.dialogue.perform(ask(max_digits=3, timeout_seconds=0.01))
    await finished(line)
    assert line.facts == [(1, "digits", "1")]
    assert line.log == []


async def test_the_timeout_runs_from_the_end_of_the_speech(line: Line) -> None:
    line.dialogue.perform(ask(timeout_seconds=0.01))
    await asyncio.sleep(0.03)
    assert line.facts == []
    line.finish_speaking()
    await finished(line)
    assert line.facts == [(1, "timeout", "")]


async def test_the_hash_key_alone_is_an_empty_answer_to_a_long_question(line: Line) -> None:
    line.dialogue.perform(ask(max_digits=4))
    line.press("#")
    assert line.facts == [(1, "timeout", "")]


async def test_the_hash_key_is_a_choice_of_a_one_key_menu(line: Line) -> None:
    line.dialogue.perform(ask())
    line.press("#")
    assert line.facts == [(1, "digits", "#")]


async def test_a_text_that_was_replaced_does_not_finish_its_successor(line: Line) -> None:
    line.dialogue.perform(Say(contact=CONTACT, step=1, speech=TEXT))
    late = line.token
    line.dialogue.perform(Say(contact=CONTACT, step=2, speech=TEXT))
    line.dialogue.spoken(late)
    assert line.facts == []
    line.finish_speaking()
    assert line.facts == [(2, "done", "")]


async def test_the_last_words_are_said_to_their_end_whatever_keys_are_pressed(line: Line) -> None:
    line.dialogue.perform(Say(contact=CONTACT, step=1, speech=TEXT, interruptible=False))
    line.press("1*")
    assert (line.log, line.facts, line.keys) == (["speak"], [], "")
    line.finish_speaking()
    assert line.facts == [(1, "done", "")]


async def test_a_failed_text_fails_its_step(line: Line) -> None:
    line.dialogue.perform(ask())
    line.dialogue.spoken(line.token, failed=True)
    assert line.facts == [(1, "failed", "")]


async def test_an_announcement_stops_the_music_first_and_gives_it_back_after(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.perform(Announce(contact=CONTACT, speech=TEXT))
    line.finish_speaking()
    assert line.log == ["music", "no music", "speak", "music"]


async def test_an_announcement_is_dropped_when_nobody_waits(line: Line) -> None:
    line.dialogue.quiet()
    line.dialogue.perform(Announce(contact=CONTACT, speech=TEXT))
    assert line.log == []


async def test_an_agent_who_comes_silences_speech_and_music_alike(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.quiet()
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.perform(Announce(contact=CONTACT, speech=TEXT))
    line.dialogue.quiet()
    line.finish_speaking()
    assert line.log == ["music", "no music", "music", "no music", "speak", "hush"]


async def test_keys_pressed_while_waiting_are_told_one_by_one_and_answer_no_later_question(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.press("5*")
    line.dialogue.perform(ask())
    assert line.keys == "5*"
    assert line.facts == []
    assert line.log == ["music", "no music", "speak"]


async def test_a_key_during_an_announcement_is_told_and_the_announcement_goes_on(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.perform(Announce(contact=CONTACT, speech=TEXT))
    line.press("1")
    line.finish_speaking()
    line.press("2")
    assert line.keys == "12"
    assert line.log == ["music", "no music", "speak", "music"]


async def test_keys_pressed_to_an_agent_are_told_to_nobody(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.quiet()
    line.press("1")
    assert line.keys == ""


async def test_music_said_again_begins_anew_only_where_it_is_to_be_another(line: Line) -> None:
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    assert line.log == ["music"]
    line.tune = False
    line.dialogue.perform(PlayMusic(contact=CONTACT))
    assert line.log == ["music", "no music", "music"]


async def test_keys_of_a_line_found_with_music_on_it_are_told(line: Line) -> None:
    line.dialogue.adopt_music(CONTACT)
    line.press("1")
    assert line.keys == "1"


async def test_nothing_is_posted_after_the_line_is_gone(line: Line) -> None:
    line.dialogue.perform(ask(timeout_seconds=0.01))
    line.finish_speaking()
    line.dialogue.close()
    line.press("1")
    await asyncio.sleep(0.03)
    assert line.facts == []


async def test_keys_pressed_before_a_message_do_not_end_it(line: Line) -> None:
    line.press("#")
    line.dialogue.perform(TakeMessage(contact=CONTACT, step=1))
    line.press("#")
    line.finish_speaking()
    line.press("5")
    assert line.log == ["beep", "listen"]
    line.press("#")
    assert line.log[2:] == ["enough"]
    line.dialogue.listened(line.token, seconds=2.5, key="there")
    assert line.facts == [(1, "done", "")]


async def test_a_message_without_a_word_is_silence_and_one_that_failed_is_a_failure(line: Line) -> None:
    line.dialogue.perform(TakeMessage(contact=CONTACT, step=1, beep=False))
    line.dialogue.listened(line.token)
    line.dialogue.perform(TakeMessage(contact=CONTACT, step=2, beep=False))
    line.dialogue.listened(line.token, failed=True)
    line.dialogue.listened(line.token, seconds=1)
    assert line.facts == [(1, "timeout", ""), (2, "failed", "")]


async def test_a_message_that_is_replaced_is_not_kept(line: Line) -> None:
    line.dialogue.perform(TakeMessage(contact=CONTACT, step=1, beep=False))
    late = line.token
    line.dialogue.perform(Say(contact=CONTACT, step=2, speech=TEXT))
    line.dialogue.listened(late, seconds=1)
    assert line.log == ["listen", "never mind", "speak"]
    assert line.facts == []


# Words.


def by_words(step: int = 1, *, interruptible: bool = True, timeout_seconds: float = 5.0, max_digits: int = 1) -> Ask:
    return Ask(
        contact=CONTACT,
        step=step,
        speech=TEXT,
        interruptible=interruptible,
        timeout_seconds=timeout_seconds,
        max_digits=max_digits,
        hearing=Hearing(language="en", phrases={"1": ("sales",), "2": ("support",)}),
    )


async def test_a_word_interrupts_the_text_as_a_key_does_and_is_the_answer(line: Line) -> None:
    line.dialogue.perform(by_words())
    line.dialogue.speaks(line.token)
    assert line.log == ["speak", "hear", "hush"]
    line.dialogue.said(line.token, Recognised("Support, please."))
    assert line.facts == [(1, "heard", "2")]
    assert line.heard == [(0.95, "Support, please.")]


async def test_a_text_to_be_heard_out_is_listened_to_first(line: Line) -> None:
    line.dialogue.perform(by_words(interruptible=False))
    assert line.log == ["speak"]
    line.finish_speaking()
    assert line.log == ["speak", "hear"]


async def test_a_key_ends_the_hearing_and_a_word_after_it_changes_nothing(line: Line) -> None:
    line.dialogue.perform(by_words(max_digits=2))
    late = line.token
    line.press("1")
    line.dialogue.speaks(late)
    line.dialogue.said(late, Recognised("support"))
    assert (line.facts, line.log) == ([], ["speak", "hear", "hush", "hear no more"])
    line.press("2")
    assert line.facts == [(1, "digits", "12")]


async def test_a_key_while_it_is_being_recognised_counts_instead(line: Line) -> None:
    line.dialogue.perform(by_words())
    line.dialogue.speaks(line.token)
    line.press("1")
    line.dialogue.said(line.token, Recognised("support"))
    assert line.facts == [(1, "digits", "1")]


async def test_who_says_nothing_is_silent_and_whoever_has_begun_is_waited_for(line: Line) -> None:
    line.dialogue.perform(by_words(timeout_seconds=0.01))
    line.finish_speaking()
    await finished(line)
    assert line.facts == [(1, "timeout", "")]
    assert line.log[-1] == "hear no more"
    line.dialogue.perform(by_words(2, timeout_seconds=0.01))
    line.finish_speaking()
    line.dialogue.speaks(line.token)
    await asyncio.sleep(0.03)
    assert len(line.facts) == 1
    line.dialogue.said(line.token, Recognised(""))
    assert line.facts[1:] == [(2, "heard", "")]


async def test_where_nobody_knows_words_nothing_is_said_and_keys_pressed_before_count(line: Line) -> None:
    line.recogniser = False
    line.dialogue.perform(by_words())
    assert (line.facts, line.log) == ([(1, "deaf", "")], [])
    line.press("2")
    line.dialogue.perform(by_words(2))
    assert line.facts[1:] == [(2, "digits", "2")]


async def test_a_recogniser_that_fails_ends_the_question(line: Line) -> None:
    line.dialogue.perform(by_words())
    line.dialogue.deaf(line.token)
    assert line.facts == [(1, "deaf", "")]
    assert line.log == ["speak", "hear", "hush", "hear no more"]


async def test_nobody_listens_to_a_line_that_is_gone_or_has_an_agent_on_it(line: Line) -> None:
    line.dialogue.perform(by_words())
    line.dialogue.close()
    line.dialogue.said(line.token, Recognised("sales"))
    line.dialogue.perform(by_words(2))
    line.dialogue.quiet()
    line.dialogue.said(line.token, Recognised("sales"))
    assert line.facts == []
    assert line.log == ["speak", "hear", "hear no more", "speak", "hear", "hush", "hear no more"]
