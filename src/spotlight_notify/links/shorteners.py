"""Name the link shorteners: nobody can see where their links lead, and they may lead elsewhere tomorrow."""

_NAMES = """
adf.ly amzn.to bit.do bit.ly bitly.com bl.ink buff.ly clck.ru conta.cc cutt.ly db.tt dlvr.it eepurl.com fb.me
goo.gl hubs.la hubs.li hubs.ly ift.tt is.gd j.mp lnk.to lnkd.in mcaf.ee ow.ly po.st qr.ae qr.net rb.gy
rebrand.ly s.id short.gy shorte.st shorturl.at snip.ly soo.gd su.pr t.co t.ly t2m.io tiny.cc tinyurl.com tr.im
trib.al urlz.fr v.gd wp.me x.co
"""
SHORTENERS = frozenset(_NAMES.split())
"""As known in 2026-11. Shorteners of one site's own, such as youtu.be or aka.ms, are not among them."""
