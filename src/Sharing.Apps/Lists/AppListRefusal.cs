using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>Why somebody sees nothing of another's apps.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AppListRefusal>))]
public enum AppListRefusal
{
    /// <summary>He is no friend of that person's, or there is no such person: strangers are told no more (row A4).</summary>
    NotAvailable,

    /// <summary>They are friends, but nothing is shown to him.</summary>
    NothingShared,
}
