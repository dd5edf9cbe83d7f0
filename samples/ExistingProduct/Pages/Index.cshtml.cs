using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Sharing;
using Sharing.Offline;

namespace HikingClub.Pages;

/// <summary>The tours; one click shares a track with friends.</summary>
sealed class IndexModel(Tours tours, IPosts posts, ClubSettings club) : PageModel
{
    public IReadOnlyList<Tour> All { get; private set; } = [];

    [TempData]
    public string? Shared { get; set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => All = await tours.ListAsync(cancellationToken);

    public async Task<IActionResult> OnPostShareAsync(long tour, CancellationToken cancellationToken)
    {
        if (!PersonId.TryParse(User.FindFirst(ClubHost.MemberClaim)?.Value, out var me))
        {
            return Challenge();
        }

        if (await tours.FindAsync(tour, cancellationToken) is not { } found)
        {
            return NotFound();
        }

        await posts.ShareAsync(
            me,
            new ShareRequest
            {
                Resource = new Resource { Address = new Uri(club.Address, $"tracks/{found.Id}.gpx"), Name = $"{found.Title}.gpx", MediaType = "application/gpx+xml" },
                Audience = Audience.Friends,
                Text = found.Title,
                Key = $"tour-{found.Id}", // clicked twice is shared once
            },
            cancellationToken);
        Shared = found.Title;
        return RedirectToPage();
    }
}
