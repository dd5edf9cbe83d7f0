using System.Security.Claims;
using Sharing;
using Sharing.AspNetCore;

namespace HikingClub;

/// <summary>Takes Sharing into the club's application.</summary>
static class ClubSharing
{
    public static void AddClubSharing(this IServiceCollection services, ClubSettings club) => services.AddSharing(sharing => sharing
        .UseFolder(Path.Combine(club.Data, "sharing")) // Sharing's own records and contents; the club's database stays as it is
        .UsePeople<ClubPeople>()
        .UseRelationships<ClubFriends>() // asked with each request: what ends in the club's table ends here
        .WithCaller(user => PersonId.TryParse(user.FindFirstValue(ClubHost.MemberClaim), out var member) ? member : null)
        .WithFetching(fetching => fetching.Configured.Add(club.Address.Authority)) // the club's own host may be a private one
        .AddOffline(offline => offline.PublicAddress = new Uri(club.Address, "api/sharing/"))
        .AddPages(pages =>
        {
            pages.ProductName = "Ridge & Valley";
            pages.Stylesheet = "/club.css";
        }));

    public static void MapClubSharing(this WebApplication app)
    {
        app.MapSharing("/api/sharing", SharingRoles.Social).RequireAuthorization(); // feed, threads, relationships: for members
        app.MapSharing("/api/sharing", SharingRoles.Download); // posts and their links: each post's audience decides
        app.MapSharingPages("/share");
    }
}
