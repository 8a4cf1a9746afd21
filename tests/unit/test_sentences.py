"""Where sentences end in what offices write: a bar stands where one does."""

import pytest

from spotlight_notify.text.sentences import sentences

TABLE = """
The U.S. Marshals, St. Louis and Sample Mfg. Inc. tested No. 5 vests at Ft. Bliss, Tex. | Results vary.
The class starts at 9 a.m. Monday in Room B. | Bring water and your ID card.
It began at 11:35 a.m. | This is new.
Doors open at 9 a.m. | Bring a friend.
We meet at 2 p.m. ET. | Join us.
We meet at 2 p.m. Eastern on Dec. 9. | Join us.
Work begins at 7 p.m. Dec. 9 and ends at dawn. | Expect delays.
He met Lt. Gov. Diaz, Sgt. James B. Ortiz and Dr. Lee. | They spoke.
She saw Dep. A. Sample, Tpr. J. Doe Jr. and Cpl. Ruiz. | It was late.
Lts. Doe and Sample, Sgts. Lee and Ruiz, and Supts. Ito and Roy came. | All spoke.
Profs. Doe and Roe and Drs. Lee and Ray wrote it. | Read it.
Officers closed it. | You may pass.
Three tested positive for E. coli after eating cheese. | Wash your hands.
See 34 U.S.C. § 10152 for it. | More is there.
See No. 5 for details. | It is short.
The answer is no. | We left.
He lives in the U.S. | The law is new.
The D.C. Council met. | It voted.
SALEM, Ore. (Nov. 2) – Deputies closed it. | Good.
Police in Portland, Ore., closed it. | Good.
Sample Mfg. Co. and Doe & Sons, Inc. found that belts help. | It is so.
The maker is Sample Corp. | The vest is sold out.
In W.Va. the class is free. | Come by.
The class in Charleston, W.Va., is free. | Come by.
Classes are in Mobile, Ala. | Seats are few.
Classes are in Reno, Nev. | Seats are few.
Use tools, e.g. a radio. | The rest is easy.
Vests, belts, etc. | The rest is easy.
It costs $5.50. | Pay now!
It rose 2.5 percent. | It fell 3.1 later.
“We slow down.” | The chief said so.
Is it calm? | Yes.
Wait... then go. | More will come.
The report (see p. 5) is long. | Read it.
Fig. 3 shows it. | Sec. 2 tells it.
Bldg. 5 is closed. | Use Gate C. | Park in Lot D.
Vitamin B. | Hepatitis C. | Both matter.
J. Edgar met Dr. Ruiz on Jan. 5 at No. 10. | More came.
The film ended at 10 p.m. | Nobody left.
Gov. Lee, Sens. Roe and Doe and Reps. Ito and Ray signed. | It is law.
Mr. and Mrs. Doe live on Oak St. near Mt. Hood. | It is calm.
The Sample Bros. store is open. | Go in.
Atty. Gen. Doe spoke to the press. | He was brief.
Call 911. | Do not wait.
Training is Nov. 4 through Nov. 6. | It is free.
The unit, est. in 1994, is large. | It grows.
It is 5 ft. 2 in. tall. | It is green.
El Sr. López y la Dra. Ruiz hablan. | Venga.
冷静に。 | 続き。
Stop! | Look! | Listen!
The deadline is 5 p.m. Friday. | Late forms wait.
Shifts end at 6 a.m. and start at 6 p.m. | Rest between them.
The chief, Capt. Ann Lee (ret.), spoke. | He thanked all.
Cmdr. Doe leads it. | Maj. Roe assists. | Col. Ito retired.
Rep. Doe (R-Ohio) and Sen. Roe (D-Mass.) wrote it. | It passed.
Sample v. Doe was decided in 1994. | It still holds.
See 42 C.F.R. Part 2. | It is strict.
Under Pub. L. 110-180 it is so. | Ask counsel.
It is on Rt. 5 near exit 12. | Drive slowly.
Take Hwy. 101 to Main St. in Salem. | Park there.
Meet at 120 N. Main St. | The door is open.
The course runs Jan. through Mar. in Denver. | Apply now.
Tues. and Thurs. are full. | Wed. is open.
Ages 12 to 17 may come. | Bring a parent.
Buy it at 7 p.m. | Then go home.
He weighs 200 lbs. and is 6 ft. tall. | Call us.
The D.A.R.E. program is back. | Schools like it.
The F.B.I. and the A.T.F. came. | They left.
It was the U.S. that asked. | We answered.
The U.S. Department of Justice paid for it. | It is free.
Write to the Dept. of Justice. | It answers.
The Natl. Assn. of Chiefs met. | It voted.
Sgt. 1st Class Doe teaches. | He is good.
Officer Doe Jr. and Chief Roe III came. | They spoke.
She holds a Ph.D. and an M.S. in law. | She teaches.
Dr. Lee, M.D., and Ms. Roe, R.N., spoke. | It helped.
Fentanyl (approx. 2 mg) can kill. | Wear gloves.
C. difficile spreads fast. | Wash your hands.
Ticks carry B. burgdorferi. | Check your skin.
The vest (No. 5) failed. | The helmet did not.
Is this you? | Then call. | We help!
He asked, “Are you OK?” and waited. | She nodded.
She said, “Slow down.” | He did.
“Wait!” he said. | They did.
It is over... | Or is it?
Learn more at USA.gov today. | It is free.
Version 2.0 is out. | Update now.
The class is $1,250.00 per person. | Lunch is included.
Scores rose 3.5% in 2026. | They fell before.
Read Chap. 3 and pp. 4-9. | Skip the rest.
Vol. 2, No. 3 is here. | Order it.
It is the No. 1 cause. | Few know it.
Yes. | No. | Maybe so.
El curso empieza a las 9 a.m. del lunes. | Traiga agua.
EE.UU. tiene 50 estados. | Son grandes.
La Lic. Ruiz y el Ing. Soto hablan. | Venga.
Use caution, i.e. slow down. | Leave room.
The Sample Co. fire is out. | Crews remain.
It opens Sat. | Come early.
The K-9 unit, incl. two dogs, came. | It helped.
Doe, et al. found it. | Others agree.
The town of St. Helens, Ore., has it. | Go there.
Fort Sample, N.C., is near. | Ft. Doe, N.C., is far.
It rained in Seattle, Wash. | Roads flooded.
A headline
""".strip().split("\n")


@pytest.mark.parametrize("line", TABLE)
def test_sentences_end_where_they_end(line: str) -> None:
    """Words w06, w24, x06, x08."""
    wanted = [part.strip() for part in line.split("|")]
    text = line.replace(" | ", "" if "。" in line else " ")
    assert [said.strip() for said in sentences(text)] == wanted
    assert "".join(sentences(text)) == text


def test_a_lines_end_ends_a_sentence() -> None:
    assert [said.strip() for said in sentences("A headline\nThe text. More")] == [
        "A headline",
        "The text.",
        "More",
    ]
