using System.Text.Json;
using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>How the package's messages are written on the wire: camel case, strict numbers, named enums, no <c>null</c> where there must be a value; unknown members are
/// ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(SharedPost))]
[JsonSerializable(typeof(PostPage))]
[JsonSerializable(typeof(PostContentState))]
[JsonSerializable(typeof(NetworkState[]))]
[JsonSerializable(typeof(AccountToken))]
[JsonSerializable(typeof(NetworkFollows))]
[JsonSerializable(typeof(ErasureState))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(NetworkResponses[]))]
[JsonSerializable(typeof(Post))]
[JsonSerializable(typeof(NetworkPost))]
[JsonSerializable(typeof(NetworkThread))]
[JsonSerializable(typeof(NetworkComment))]
[JsonSerializable(typeof(CommentText))]
[JsonSerializable(typeof(FeedPage))]
[JsonSerializable(typeof(OfflineItem))]
[JsonSerializable(typeof(OfflineItem[]))]
[JsonSerializable(typeof(DownloadRequest))]
[JsonSerializable(typeof(DownloadItem))]
[JsonSerializable(typeof(DownloadItem[]))]
[JsonSerializable(typeof(ShareOptions))]
[JsonSerializable(typeof(StreamTicketRequest))]
[JsonSerializable(typeof(StreamTicket))]
[JsonSerializable(typeof(BetweenQuestion))]
[JsonSerializable(typeof(MembershipQuestion))]
[JsonSerializable(typeof(GroupName[]))]
[JsonSerializable(typeof(FriendGroup))]
[JsonSerializable(typeof(FriendGroup[]))]
[JsonSerializable(typeof(RelationshipAnswer[]))]
[JsonSerializable(typeof(PersonId[]))]
[JsonSerializable(typeof(ProblemBody))]
public sealed partial class WireJson : JsonSerializerContext;
