namespace Sharing.Core;

/// <summary>Whether this host does background work.</summary>
public sealed class BackgroundWorkOptions
{
    /// <summary>Yes by default.</summary>
    public bool Enabled { get; set; } = true;
}
