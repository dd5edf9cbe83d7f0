using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>What can be told of a registered address book.</summary>
/// <param name="Contacts">How many contacts it has.</param>
/// <param name="Own">How many are its owner's own, under which others find him.</param>
sealed record PersonalBook(int Contacts, int Own);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalBook))]
[JsonSerializable(typeof(FoundFriend))]
[JsonSerializable(typeof(StoredBudget))]
[JsonSerializable(typeof(ReceivedList))]
[JsonSerializable(typeof(string))]
sealed partial class PersonalAppsJson : JsonSerializerContext;
