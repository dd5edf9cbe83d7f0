namespace Sharing.Messaging;

/// <summary>The gateway for short messages.</summary>
public sealed class SmsOptions
{
    /// <summary>Where short messages are posted to.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>The bearer token that it wants; <c>null</c>: none.</summary>
    public string? Token { get; set; }
}
