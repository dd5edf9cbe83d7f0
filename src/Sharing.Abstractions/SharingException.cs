namespace Sharing;

/// <summary>A fault with a stable code. Answers that a caller expects (not found, refused) are values, not this.</summary>
/// <remarks>Over HTTP the code becomes the <c>type</c> of the problem details (RFC 9457): <c>urn:sharing:problem:CODE</c>.</remarks>
public sealed class SharingException : Exception
{
    /// <summary>Makes a fault.</summary>
    /// <param name="code">One of <see cref="ProblemCodes"/>, or an integrator's own: lower-case words joined by hyphens.</param>
    /// <param name="message">What happened, for the person who meets it.</param>
    /// <param name="inner">The cause, kept for the log.</param>
    public SharingException(string code, string message, Exception? inner = null) : base(message, inner) => Code = code;

    /// <summary>The stable code.</summary>
    public string Code { get; }

    /// <summary>How much later the same may succeed, where that is known: over HTTP the header <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
