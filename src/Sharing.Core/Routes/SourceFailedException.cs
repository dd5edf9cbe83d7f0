namespace Sharing.Core;

/// <summary>A source, not this side, is at fault.</summary>
sealed class SourceFailedException : Exception
{
    public SourceFailedException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    public SourceFailedException(string message, bool permanent) : base(message) => Permanent = permanent;

    /// <summary>Whether trying again is pointless.</summary>
    public bool Permanent { get; }
}
