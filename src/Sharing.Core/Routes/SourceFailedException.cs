namespace Sharing.Core;

/// <summary>A source, not this side, is at fault.</summary>
public sealed class SourceFailedException(string message, Exception? inner = null, bool permanent = false) : Exception(message, inner)
{
    /// <summary>Whether trying again is pointless.</summary>
    public bool Permanent => permanent;

    /// <summary>How long the source asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
