using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>How a message came to be in an inbox.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MessageKind>))]
public enum MessageKind
{
    /// <summary>Somebody sent it (row M4).</summary>
    Shared,

    /// <summary>Somebody sent on what he had received (row M5).</summary>
    Forwarded,

    /// <summary>The server chose it (row M2).</summary>
    Pushed,

    /// <summary>It was asked for in the catalogue (row M1).</summary>
    Requested,
}
