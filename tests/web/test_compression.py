import gzip

from tests.factories import make_person

PACKED = {"Accept-Encoding": "gzip"}


def test_a_strangers_page_is_compressed_where_asked_for(client):
    plain = client.get("/about")
    packed = client.get("/about", headers=PACKED)

    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (
        None,
        "gzip",
    )
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_page_with_a_form_token_is_not_compressed(client):
    page = client.get("/display", headers=PACKED)

    assert "csrf_token" in page.text
    assert "Content-Encoding" not in page.headers


def test_the_pages_of_somebody_signed_in_are_not_compressed(client, sign_in, session):
    sign_in(make_person(session))

    assert "Content-Encoding" not in client.get("/about", headers=PACKED).headers


def test_display_settings_alone_do_not_prevent_it(client):
    client.set_cookie("display", "l.")

    assert client.get("/about", headers=PACKED).headers["Content-Encoding"] == "gzip"


def test_styles_are_compressed_and_kept_for_a_year(client):
    answer = client.get("/static/css/site.css?v=1", headers=PACKED)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_fonts_are_packed_already(client):
    path = "/static/vendor/fonts/bricolage-grotesque/bricolage-grotesque-latin-wght-normal.woff2"

    with client.get(path, headers=PACKED) as answer:
        assert "Content-Encoding" not in answer.headers
