namespace Sharing.Messaging;

/// <summary>An address that somebody says is his, or the code that proves it.</summary>
public sealed record BearerRequest
{
    /// <summary>The address.</summary>
    public string? Address { get; init; }

    /// <summary>The code that came there.</summary>
    public string? Code { get; init; }
}
