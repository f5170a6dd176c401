@echo off
rem Builds what has changed and runs the command-line program; "fixupnet test" runs the test suite. See ./fixupnet, which does the same on Linux.
setlocal
set "ROOT=%~dp0"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
rem Else the Fortran runtime among TorchSharp's natives ends the program at Ctrl-C, before a checkpoint is saved.
set FOR_DISABLE_CONSOLE_CTRL_HANDLER=1
set "FIXUPNET_PROVIDER_BECAUSE=set by TensorProvider"
if "%TensorProvider%"=="" set "FIXUPNET_PROVIDER_BECAUSE=its packages load on Windows"
if "%TensorProvider%"=="" set TensorProvider=TorchSharp
set "ARTIFACTS=%ROOT%artifacts\%TensorProvider%"
set "CLI=%ARTIFACTS%\bin\FixupNet.Cli\release\fixupnet-cli.exe"
rem What was built last: a copy of the sources, which are compared by their times.
set "BUILT=artifacts\%TensorProvider%\built"
if "%~1"=="test" goto test
if "%~1"=="build" goto build
if "%~1"=="publish" goto publish
call :current
if not %ERRORLEVEL%==0 call :rebuild
if not %ERRORLEVEL%==0 exit /b %ERRORLEVEL%
"%CLI%" %*
exit /b %ERRORLEVEL%

:build
if "%~2"=="--help" goto buildhelp
if not "%~2"=="" goto buildhelp
call :current
if not %ERRORLEVEL%==0 call :rebuild
exit /b %ERRORLEVEL%

:buildhelp
echo Usage: fixupnet build
echo.
echo Builds what has changed, as every other command does before it runs.
if "%~2"=="--help" exit /b 0
exit /b 64

:publish
echo Usage: fixupnet publish makes programs for Linux, and runs there.
if "%~2"=="--help" exit /b 0
exit /b 64

:current
if not exist "%CLI%" exit /b 1
if not exist "%ARTIFACTS%\built\src" exit /b 1
rem Relative paths hold no spaces, which not every xcopy takes.
pushd "%ROOT%"
set NEWER=0
xcopy src "%BUILT%\src" /D /L /S /Y 2>nul | find "src" >nul && set NEWER=1
xcopy *.props "%BUILT%" /D /L /Y 2>nul | find ".props" >nul && set NEWER=1
xcopy nuget.config "%BUILT%" /D /L /Y 2>nul | find ".config" >nul && set NEWER=1
popd
exit /b %NEWER%

:rebuild
call :sdk
if not %ERRORLEVEL%==0 exit /b %ERRORLEVEL%
if not exist "%CLI%" if exist "%SystemRoot%\System32\nvcuda.dll" echo fixupnet: the first time downloads about 3 GB of TorchSharp's CUDA libraries 1>&2
echo fixupnet: building 1>&2
rem Copied before: what changes while the build runs is built by the next call.
if exist "%ARTIFACTS%\built" rd /s /q "%ARTIFACTS%\built"
if exist "%ARTIFACTS%\built.new" rd /s /q "%ARTIFACTS%\built.new"
md "%ARTIFACTS%\built.new\src"
pushd "%ROOT%"
xcopy src "%BUILT%.new\src" /S /Q /Y >nul
xcopy *.props "%BUILT%.new" /Q /Y >nul
xcopy nuget.config "%BUILT%.new" /Q /Y >nul
popd
dotnet build "%ROOT%src\FixupNet.Cli" -c Release -v q 1>&2
if not %ERRORLEVEL%==0 exit /b 1
ren "%ARTIFACTS%\built.new" built
exit /b 0

:sdk
for %%X in (dotnet.exe) do if not "%%~$PATH:X"=="" exit /b 0
echo fixupnet: the .NET 10 SDK is missing: install it from https://dot.net and run this again. 1>&2
exit /b 69

:test
set "FILTER=TestCategory!=Slow"
set "REST="
:option
shift
if "%~1"=="--help" goto testhelp
if "%~1"=="--tools" goto linuxonly
if "%~1"=="--platform" goto linuxonly
if "%~1"=="--category" goto category
if "%~1"=="" goto run
set REST=%REST% %1
goto option
:category
set "FILTER=TestCategory=%~2"
shift
goto option

:run
call :sdk
if not %ERRORLEVEL%==0 exit /b %ERRORLEVEL%
set "RESULTS=%ARTIFACTS%\test-results"
if exist "%RESULTS%" rd /s /q "%RESULTS%"
rem The tests compute on tiny tensors, where a second thread costs more than it gives.
set OMP_NUM_THREADS=1
set "XDG_CACHE_HOME=%ARTIFACTS%\test-cache"
dotnet test "%ROOT%FixupNet.sln" -c Release -m:1 --nologo -v q --filter "%FILTER%" --logger trx --logger "console;verbosity=minimal" --results-directory "%RESULTS%" %REST%
set STATUS=%ERRORLEVEL%
if not exist "%RESULTS%" exit /b %STATUS%
set TOTAL=0
set EXECUTED=0
set PASSED=0
pushd "%RESULTS%"
for %%F in (*.trx) do for /f "tokens=3,5,7 delims== " %%A in ('findstr /C:"<Counters " "%%~F"') do call :count %%A %%B %%C
popd
set /a FAILED=EXECUTED-PASSED
set /a SKIPPED=TOTAL-EXECUTED
if %SKIPPED%==0 echo %PASSED% passed, %FAILED% failed
if not %SKIPPED%==0 echo %PASSED% passed, %FAILED% failed, %SKIPPED% skipped
exit /b %STATUS%

:count
set /a TOTAL+=%~1
set /a EXECUTED+=%~2
set /a PASSED+=%~3
exit /b 0

:testhelp
echo Usage: fixupnet test [--category NAME] [OPTION of dotnet test]...
echo.
echo Builds what has changed and runs the tests, all but the category Slow. The last line counts them.
exit /b 0

:linuxonly
echo fixupnet: %~1 of "test" is for Linux. 1>&2
exit /b 64
