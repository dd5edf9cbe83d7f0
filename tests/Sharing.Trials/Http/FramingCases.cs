namespace Sharing.Trials.Http;

/// <summary>Requests whose end two servers could see at different places, and what only looks like it (RFC 9112, 2.2, 5, 6, 7 and 11.2).</summary>
static class FramingCases
{
    /// <summary>What somebody would like to have answered although nobody sent it.</summary>
    const string Hidden = "GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n";

    const string Json = """{"text":"hidden"}""";

    public static IReadOnlyList<FramingCase> All { get; } =
    [
        .. LengthAndCoding(), .. Codings(), .. Lengths(), .. Chunks(), .. Lines(), .. Targets(), .. Harmless(),
    ];

    static string Length => $"{Json.Length}";

    static string Hex(int length) => $"{length:x}";

    /// <summary>A body in one chunk.</summary>
    static string Chunked(string body = Json) => $"{Hex(body.Length)}\r\n{body}\r\n0\r\n\r\n";

    static string Post(string headers, string body, string version = "1.1") =>
        $"POST /v1/posts HTTP/{version}\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n{body}";

    static string Get(string headers, string target = "/health/live", string method = "GET") => $"{method} {target} HTTP/1.1\r\n{headers}\r\n";

    static FramingCase Refused(string name, string sent) => new(name, sent, 0);

    static FramingCase Coded(string name, string coding) => Refused("coding " + name, Post(coding + "\r\n", Chunked() + Hidden));

    static FramingCase Sized(string name, string length) => Refused("length " + name, Post(length + "\r\n", Json + Hidden));

    static FramingCase InChunks(string name, string body) => Refused("chunks " + name, Post("Transfer-Encoding: chunked\r\n", body + Hidden));

    static FramingCase[] LengthAndCoding() =>
    [
        Refused("CL.TE", Post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG")),
        Refused("CL.TE, whole", Post($"Content-Length: {(Chunked() + Hidden).Length}\r\nTransfer-Encoding: chunked\r\n", Chunked() + Hidden)),
        Refused("TE.CL", Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", Chunked(Hidden))),
        Refused("TE.CL, 0", Post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", Chunked(Hidden))),
        Refused("CL.TE, obscure", Post($"Content-Length: {Length}\r\nTransfer-Encoding: xchunked\r\n", Json)),
        Refused("CL.TE in GET", Get("Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + Hidden),
        Refused("TE in HTTP/1.0", Post("Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n", Chunked() + Hidden, "1.0")),
    ];

    static FramingCase[] Codings() =>
    [
        Coded("unknown", "Transfer-Encoding: xchunked"),
        Coded("identity", "Transfer-Encoding: identity"),
        Coded("not last", "Transfer-Encoding: chunked, identity"),
        Coded("not alone", "Transfer-Encoding: gzip, chunked"),
        Coded("twice in a line", "Transfer-Encoding: chunked, chunked"),
        Coded("twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        Coded("two, chunked last", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
        Coded("two, chunked first", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        Coded("vertical tab", "Transfer-Encoding: \vchunked"),
        Coded("form feed", "Transfer-Encoding: chunked\f"),
        Coded("quoted", "Transfer-Encoding: \"chunked\""),
        Coded("parameter", "Transfer-Encoding: chunked;q=1"),
        Coded("space before colon", "Transfer-Encoding : chunked"),
        Coded("tab before colon", "Transfer-Encoding\t: chunked"),
        Coded("folded", "Transfer-Encoding:\r\n chunked"),
        Coded("behind a fold", "X: y\r\n Transfer-Encoding: chunked"),
        Coded("behind a bare CR", "X: y\rTransfer-Encoding: chunked"),
        Coded("behind a bare LF", "X: y\nTransfer-Encoding: chunked"),
        Coded("NUL in the name", "Transfer-\0Encoding: chunked"),
        Coded("NUL in the value", "Transfer-Encoding: chunked\0"),
        Coded("empty", "Transfer-Encoding: "),
        Coded("other letter", "Transfer-Encoding: \u00e7hunked"),
    ];

    static FramingCase[] Lengths() =>
    [
        Sized("twice, different", $"Content-Length: {Length}\r\nContent-Length: 1"),
        Sized("twice, the same", $"Content-Length: {Length}\r\nContent-Length: {Length}"),
        Sized("list", $"Content-Length: {Length}, {Length}"),
        Sized("negative", "Content-Length: -1"),
        Sized("hexadecimal", $"Content-Length: 0x{Hex(Json.Length)}"),
        Sized("with a space in it", "Content-Length: 1 7"),
        Sized("empty", "Content-Length: "),
        Sized("too big", "Content-Length: 99999999999999999999"),
        Sized("wrapping 64 bits", $"Content-Length: {(UInt128)ulong.MaxValue + 1 + (UInt128)Json.Length}"),
        Sized("fraction", $"Content-Length: {Length}.0"),
        Sized("exponent", "Content-Length: 1e1"),
        Sized("space before colon", $"Content-Length : {Length}"),
        Sized("folded", $"Content-Length:\r\n {Length}"),
        Sized("comma", $"Content-Length: {Length},"),
    ];

    static FramingCase[] Chunks() =>
    [
        InChunks("extension with LF", $"{Hex(Json.Length)};a\n{Json}\r\n0\r\n\r\n"),
        InChunks("hidden in an extension", $"2;\nxx\r\n{Hex(Json.Length)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("extension with CR", $"{Hex(Json.Length)};a\rb\n{Json}\r\n0\r\n\r\n"),
        InChunks("LF", $"{Hex(Json.Length)}\n{Json}\n0\n\n"),
        InChunks("CR", $"{Hex(Json.Length)}\r{Json}\r0\r\r"),
        InChunks("0x", $"0x{Hex(Json.Length)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("size over 64 bits", $"1000000000000000{Json.Length:x2}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("size over 32 bits", $"1000000{Json.Length:x2}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("negative", $"-{Hex(Json.Length)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("plus", $"+{Hex(Json.Length)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("space before", $" {Hex(Json.Length)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("space behind", $"{Hex(Json.Length)} \r\n{Json}\r\n0\r\n\r\n"),
        InChunks("underscore", $"1_1\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("shorter than said", $"{Hex(Json.Length + 2)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("longer than said", $"{Hex(Json.Length - 1)}\r\n{Json}\r\n0\r\n\r\n"),
        InChunks("no line end", $"{Hex(Json.Length)}\r\n{Json}XX0\r\n\r\n"),
        InChunks("no size", $"\r\n{Json}\r\n0\r\n\r\n"),
    ];

    static FramingCase[] Lines() =>
    [
        Refused("LF only", (Get("Host: a\r\n") + Hidden).Replace("\r\n", "\n", StringComparison.Ordinal)),
        Refused("LF in one header", "GET /health/live HTTP/1.1\r\nHost: a\nX: y\r\n\r\n" + Hidden),
        Refused("LF at the request line", "GET /health/live HTTP/1.1\nHost: a\r\n\r\n" + Hidden),
        Refused("LF at the end", "GET /health/live HTTP/1.1\r\nHost: a\r\n\n" + Hidden),
        Refused("bare CR in a value", Get("Host: a\r\nX: a\rContent-Length: 5\r\n")),
        Refused("bare CR at the end", "GET /health/live HTTP/1.1\r\nHost: a\r\n\r" + Hidden),
        Refused("fold", Get("Host: a\r\nX: a\r\n b\r\n")),
        Refused("fold at first", Get(" X: y\r\nHost: a\r\n")),
        Refused("space before colon", Get("Host : a\r\n")),
        Refused("NUL in a name", Get("Host: a\r\nX\0: y\r\n")),
        Refused("NUL in a value", Get("Host: a\r\nX: y\0\r\n")),
        Refused("no colon", Get("Host: a\r\nfoo\r\n")),
        Refused("no name", Get("Host: a\r\n: y\r\n")),
        Refused("two spaces", "GET  /health/live HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden),
        Refused("tabs", "GET\t/health/live\tHTTP/1.1\r\nHost: a\r\n\r\n" + Hidden),
        Refused("version 1.10", "GET /health/live HTTP/1.10\r\nHost: a\r\n\r\n" + Hidden),
        Refused("version 2", "GET /health/live HTTP/2.0\r\nHost: a\r\n\r\n" + Hidden),
        Refused("HTTP/2 by hand", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ];

    static FramingCase[] Targets() =>
    [
        Refused("NUL", Get("Host: a\r\n", "/health\0/live")),
        Refused("absolute, other host", Get("Host: a\r\n", "http://evil.example/health/live")),
        Refused("absolute, ftp", Get("Host: a\r\n", "ftp://a/health/live")),
        Refused("authority", Get("Host: a\r\n", "a:80", "CONNECT")),
        Refused("asterisk", Get("Host: a\r\n", "*")),
        Refused("two hosts", Get("Host: a\r\nHost: b\r\n")),
        Refused("no host", Get("")),
        Refused("host with a space", Get("Host: a b\r\n")),
        Refused("host with a path", Get("Host: a/b\r\n")),
        Refused("host with a user", Get("Host: b@a\r\n")),
    ];

    /// <summary>What is one request, or two, to everybody: the count is right.</summary>
    static FramingCase[] Harmless() =>
    [
        new("one in a body", Post($"Content-Length: {Hidden.Length}\r\n", Hidden), 1),
        new("one in the body of a GET", Get($"Host: a\r\nContent-Length: {Hidden.Length}\r\n") + Hidden, 1),
        new("one in the body of a HEAD", Get($"Host: a\r\nContent-Length: {Hidden.Length}\r\n", method: "HEAD") + Hidden, 1),
        new("one in a chunk", Get("Host: a\r\nTransfer-Encoding: chunked\r\n") + Chunked(Hidden), 1),
        new("one in a trailer", Post("Transfer-Encoding: chunked\r\n", $"{Hex(Json.Length)}\r\n{Json}\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n"), 1),
        new("one in a chunk's extension", Post("Transfer-Encoding: chunked\r\n", $"{Hex(Json.Length)};a=\"GET / HTTP/1.1\"\r\n{Json}\r\n0\r\n\r\n"), 1),
        new("one behind an upgrade", Post($"Content-Length: {Hidden.Length}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", Hidden), 1),
        new("coding in capitals", Post("tRANSFER-eNCODING:\tCHUNKED\r\n", Chunked()), 1),
        new("coding of another name", Post($"Transfer_Encoding: chunked\r\nContent-Length: {Length}\r\n", Json), 1),
        new("length with zeros", Post($"Content-Length: 000{Length}\r\n", Json), 1),
        new("length with a plus", Post($"Content-Length: +{Length}\r\n", Json), 1),
        new("length that the hop is to drop", Post($"Content-Length: {Length}\r\nConnection: Content-Length\r\n", Json), 1),
        new("expectation", Post($"Content-Length: {Length}\r\nExpect: 100-continue\r\n", Json), 1),
        new("empty line before", "\r\n" + Get("Host: a\r\n"), 1),
        new("absolute, same host", Get("Host: a\r\n", "http://a/health/live"), 1),
        new("two, one behind the other", Get("Host: a\r\n") + Hidden, 2),
    ];
}
