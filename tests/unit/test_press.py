"""What a press office puts round its words: what is cut, by which rule, and what only looks like it."""

import pytest

from spotlight_notify.text.press import press_text


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("release line", "FOR IMMEDIATE RELEASE"),
        ("release line", "NEWS RELEASE – November 2, 2026"),
        ("release line", "Press Release #26-114"),
        ("release line", "Release Date: Nov. 2, 2026"),
        ("release line", "UPDATE"),
        ("release line", "Updated 11/30/26 1:15 p.m."),
        ("labels", "Tags: health, stroke"),
        ("read on", "Watch on YouTube"),
        ("release line", "Case number: 26-01234"),
        ("date", "Monday, November 2, 2026"),
        ("date", "11/02/2026 10:15 AM"),
        ("embargo", "EMBARGOED UNTIL 10 A.M. DECEMBER 9, 2026"),
        ("contact", "Media contact: Pat Doe, 202-555-0147, pat.doe@agency.example.gov"),
        ("contact", "CONTACT:"),
        ("contact", "Phone: 202-555-0147"),
        ("contact", "Pat Doe, Public Information Officer"),
        ("contact", "pat.doe@agency.example.gov"),
        ("contact", "Lt. A. Sample (202) 555-0147 ext. 4"),
        ("greeting", "Good afternoon,"),
        ("greeting", "Please see the attached release regarding the award our district has received."),
        ("greeting", "Thank you,"),
        ("by-line", "By Pat Doe, Staff Writer"),
        ("caption", "Photo by J. Doe/Sample PD"),
        ("caption", "Photo courtesy of the Sample Fire Department"),
        ("caption", "Deputies at the river bridge on Monday. (Photo: Sample County)"),
        ("share buttons", "Share this:"),
        ("share buttons", "Click to share on X (Opens in new window)"),
        ("share buttons", "Facebook"),
        ("meeting codes", "Meeting ID: 161 000 0000"),
        ("meeting codes", "Passcode: 371000"),
        ("read on", "Read the full news release"),
        ("link", "Video: https://vimeo.com/1134434037?share=copy&fl=sv"),
        ("note", "Editor's note: This story was corrected."),
        ("labels", "Alert Level: Notice Status: Patrolled Details:"),
        ("contents", "In this issue:"),
        ("marks", "*"),
        ("title", "NEW ROLL CALL GUIDE"),
        ("title", "“New Roll Call Guide”"),
    ],
)
def test_a_line_of_furniture_is_cut_by_its_rule(rule: str, line: str) -> None:
    told = press_text("New Roll Call Guide", f"{line}\nThe guide has five talks for every shift.")
    assert told.summary == "The guide has five talks for every shift."
    assert [(cut.rule, cut.words) for cut in told.cut] == [(rule, line)]


@pytest.mark.parametrize(
    "text",
    [
        "Call or text 988 to reach the lifeline at any hour.",
        "Call 1-800-555-0147 to order free copies.",
        "News about officer safety travels fast.",
        "Read the signs of stress in your partner.",
        "Contact with the public is most of the job.",
        "Photo lineups need care.",
        "Share the road with motorcycles.",
        "Thanks to body armor, 3,000 officers are alive.",
        "Dear colleagues and friends, we met again this year in the capital for two long days of good talks.",
        "By Thursday all roads were open.",
        "When: Dec. 9, 2 p.m.\nWhere: Room 5",
        "FBI – what to know before you apply.",
        "REMINDER – Wear your vest.",
        "Follow the five steps. Sign in at the front desk.",
        "Ratio 3:1 is best: one trainer for three officers.",
        "In 2026-2027 the class meets 12 times.",
        "The cost is $555.123.4567 in total.",
    ],
)
def test_what_only_looks_like_furniture_stays(text: str) -> None:
    assert press_text("A title of another kind", text).summary == text


@pytest.mark.parametrize(
    "dateline",
    [
        "SAMPLE COUNTY, Ore. (Nov. 2, 2026) – ",
        "MARTINSBURG, W.Va. — ",
        "PORTLAND, Ore.—",
        "SALEM, Ore. – ",
        "Salem, Ore. – ",
        "WASHINGTON – ",
        "WASHINGTON, D.C. -- ",
        "NEW YORK (AP) — ",
        "OLYMPIA, Wash., Nov. 2, 2026 – ",
        "ST. LOUIS COUNTY – ",
        "AUSTIN, Texas – ",
        "Boise, ID — ",
        "SAMPLE CITY, MO (November 2, 2026) - ",
    ],
)
def test_a_dateline_is_cut(dateline: str) -> None:
    """Words w01, w02, w03, w06."""
    told = press_text("Bridge Closed", f"{dateline}Deputies closed the bridge this morning.")
    assert told.summary == "Deputies closed the bridge this morning."
    assert [cut.rule for cut in told.cut] == ["dateline"]


def test_a_whole_release_leaves_what_it_says() -> None:
    """Words w03."""
    text = (
        "FOR IMMEDIATE RELEASE\nNov. 30, 2026\n"
        "Media contact: Pat Doe, 202-555-0147, pat.doe@agency.example.gov\nOfficer Wellness Grants Open\n"
        "SALEM, Ore. – Agencies may apply for wellness grants from today until January 15, 2027. "
        "Awards are up to $50,000.\n###\nAbout the agency: it is old."
    )
    told = press_text("Officer Wellness Grants Open", text)
    assert told.summary == (
        "Agencies may apply for wellness grants from today until January 15, 2027. Awards are up to $50,000."
    )
    rules = ["end mark", "release line", "date", "contact", "title", "dateline"]
    assert [cut.rule for cut in told.cut] == rules


def test_a_contact_block_goes_with_the_names_in_it() -> None:
    text = "Contact:\nPat Doe\nSample Police\n202-555-0147\nThe class is free for every officer in the state."
    assert press_text("A Class", text).summary == "The class is free for every officer in the state."


@pytest.mark.parametrize(
    "sentence",
    [
        "For more information, contact Pat Doe.",
        "Questions go to pat.doe@agency.example.gov.",
        "Call Det. Sample at 202-555-0147 with tips.",
        "For more information, visit https://valor.example.org/more.",
        "Apply at www.valor.example.org/jobs.",
        "To view available podcasts, sign in to your VALOR account.",
        "You are currently not signed in.",
    ],
)
def test_a_sentence_that_leads_away_or_to_a_person_is_cut(sentence: str) -> None:
    told = press_text("A Class", f"The class is free. {sentence} Bring your own vest.")
    assert told.summary == "The class is free. Bring your own vest."


def test_a_release_begins_with_its_first_sentence() -> None:
    text = "Sample State Police\nNEWS RELEASE\nTroopers closed the bridge on Monday for a short time."
    assert press_text("Bridge", text).summary == "Troopers closed the bridge on Monday for a short time."
    assert press_text("Bridge", text.replace("NEWS RELEASE\n", "")).summary.startswith(
        "Sample State Police\n"
    )


def test_a_letter_loses_its_beginning_and_end() -> None:
    text = "Dear Community Members, City offices close Dec. 24. Sincerely, Mayor A. Sample"
    assert press_text("Holiday Hours", text).summary == "City offices close Dec. 24."


def test_labels_and_values_are_no_sentences() -> None:
    """Words w11."""
    told = press_text("Missing Person Found", "UPDATE\n*\n*\nName: A. Sample\nAge: 32\nHair: Brown")
    assert (told.summary, {cut.rule for cut in told.cut}) == ("", {"release line", "marks", "labels"})


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Command Center Opens (Photo)", "Command Center Opens"),
        ("Command Center Opens (Photos and Video)", "Command Center Opens"),
        ("[VIDEO] Command Center Opens", "Command Center Opens"),
        ("Command Center Opens *PHOTO ATTACHED*", "Command Center Opens"),
        ("Podcast (Sign In Required): Slowing It Down", "Podcast: Slowing It Down"),
        ("(Photo)", "(Photo)"),
        ("Photo Lineups (Part 2)", "Photo Lineups (Part 2)"),
        ("Training in W.Va. on Dec. 9", "Training in W. Va. on Dec. 9"),
        ("Stay home.Call us", "Stay home. Call us"),
        ("What CDC.gov says", "What CDC.gov says"),
    ],
)
def test_titles_lose_their_notes_and_make_no_links(title: str, told: str) -> None:
    """Words w10, x07, x13."""
    assert press_text(title, "").title == told
