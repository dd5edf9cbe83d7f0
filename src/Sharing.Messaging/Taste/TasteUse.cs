using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>What somebody did with something.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<TasteUse>))]
public enum TasteUse
{
    /// <summary>He asked for it.</summary>
    Requested,

    /// <summary>He opened it.</summary>
    Opened,

    /// <summary>He bought it.</summary>
    Bought,
}
