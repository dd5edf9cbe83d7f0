namespace Sharing.Testing;

/// <summary>What goes wrong with a request on its way to a network.</summary>
/// <param name="Kind">What.</param>
/// <param name="Answer">For <see cref="NetworkFaultKind.Answers"/>: the whole answer, head and body.</param>
public sealed record NetworkFault(NetworkFaultKind Kind, string Answer = "")
{
    /// <summary>The connection breaks before the network has heard of it.</summary>
    public static NetworkFault LostRequest { get; } = new(NetworkFaultKind.LostRequest);

    /// <summary>The network does it, and its reply is lost.</summary>
    public static NetworkFault LostReply { get; } = new(NetworkFaultKind.LostReply);

    /// <summary>The connection stays open, and nothing is ever answered; the network has not heard of it.</summary>
    public static NetworkFault HalfOpen { get; } = new(NetworkFaultKind.HalfOpen);

    /// <summary>It arrives twice, one after the other.</summary>
    public static NetworkFault Duplicate { get; } = new(NetworkFaultKind.Duplicate);

    /// <summary>The network does it, and what stands before it answers 502.</summary>
    public static NetworkFault BadGateway { get; } = new(NetworkFaultKind.LostReply, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    /// <summary>It is turned away with 429, and so many header lines.</summary>
    public static NetworkFault TooMany(params string[] headers) =>
        new(NetworkFaultKind.Answers, $"HTTP/1.1 429 Too Many Requests\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}Content-Length: 0\r\nConnection: close\r\n\r\n");
}
