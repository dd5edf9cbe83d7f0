using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>How far a message has come with one receiver.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It will be in his inbox in a moment.</summary>
    Accepted,

    /// <summary>It is in his inbox.</summary>
    Delivered,

    /// <summary>A terminal of his has taken it.</summary>
    Received,

    /// <summary>There is nobody of that network id.</summary>
    Unknown,

    /// <summary>He takes nothing from this sender.</summary>
    Refused,
}
